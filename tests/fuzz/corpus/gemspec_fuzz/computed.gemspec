=begin
=end
Gem::Specification.new do |s|
 s.name = "a#{1}"
 s.version = V
end
__END__
