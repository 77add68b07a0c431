"""What SConstruct does, one idea a module."""
