Gem::Specification.new('x', %q{1}) do |spec|
 spec.name=%q<b>; spec.version = Gem::Version.new("2.0")
end
