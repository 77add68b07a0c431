"""Test cases; a case is a function with a name and a Runner.

    @case("programs.hello")
    def hello(run):
        run("hello.exe").succeeds().prints("Hello")
"""
