# stub: a 1.2.3 ruby lib
Gem::Specification.new do |s|
  s.name = "a".freeze
  s.version = "1.2.3"
end
