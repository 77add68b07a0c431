"""What depends on what; scons rebuilds by content."""

import sys

from . import image, kernel, need, programs, run, tables, windows
from .errors import BuildError
from .paths import BUILD, Profile

# What the image is made with, and what explains its reports; the others wait
# for those who ask for them.
TOOLS_OF_A_RUN = ("symtab", "symbolize", "tracefile")
VERBS = ("build", "run", "check", "test", "bench", "screenshots", "userland", "petrel",
         "corpus")


def declare(env, options, verbs):
    """Tells scons about files and verbs."""
    unknown = [verb for verb in verbs if verb not in VERBS]
    if unknown:
        raise BuildError(f"there is no verb {unknown[0]}: `scons -h` lists them")
    if not env.GetOption("clean"):
        need.check(verbs or ["build"], options)
    graph = Graph(env, options)
    everything = graph.profile(options.is_release)
    for verb in verbs or ["build"]:
        env.AlwaysBuild(env.Alias(verb, *graph.verb(verb, everything)))
    env.Default("build")
    env.Clean("build", [str(path) for path in BUILD.glob("*") if path.name != "setup"])


class Graph:
    """The files of one scons call."""

    def __init__(self, env, options):
        self.env = env
        self.options = options
        self.profiles = {}

    def verb(self, verb, profile):
        """(what must be built before, what is done)."""
        options = self.options
        if verb == "build":
            return self.nodes(profile, "elf", "archive", "iso"), [self.step(kernel.build_tools)]
        if verb == "run":
            return self.nodes(profile, "elf", "archive", "iso"), [
                self.step(lambda: run.run(options, profile))]
        if verb == "check":
            from . import check
            return [], [self.step(check.run)]
        if verb == "bench":
            from . import bench
            profile = self.profile(True)
            return self.nodes(profile, "elf", "archive"), [
                self.step(lambda: bench.run(profile))]
        if verb == "test":
            from . import testing
            testing.load_cases()  # now: scons forgets where modules are when it builds
            return self.nodes(profile, "elf", "archive"), [
                self.step(kernel.build_tools),
                self.step(lambda: testing.run(profile, options.only))]
        if verb == "userland":
            from userland import main
            return [], [self.step(main.verb)]
        if verb == "petrel":
            from . import petrel
            profile = self.profile(True)
            return self.nodes(profile, "elf"), [self.step(lambda: petrel.build(profile))]
        if verb == "corpus":
            from . import corpus
            profile = self.profile(True)
            return self.nodes(profile, "elf"), [
                self.step(lambda: corpus.run(options.corpus, options.only, profile))]
        from . import screenshot
        return self.nodes(profile, "elf", "archive"), [
            self.step(lambda: screenshot.run(profile))]

    def nodes(self, profile, *names):
        """Nodes of a profile's files."""
        return [self.profiles[profile.name][name] for name in names]

    def profile(self, is_release):
        """A profile, its files known to scons."""
        profile = Profile(is_release)
        if profile.name in self.profiles:
            return profile
        env, options = self.env, self.options
        tools = self.always("tools.built", BUILD / "tools" / "release" / "symtab",
                            lambda: kernel.build_tools(*TOOLS_OF_A_RUN))
        elf = self.always("kernel", profile.elf, lambda: kernel.build(profile))
        listed = self.always("programs", profile.program_list,
                             lambda: programs.build(profile))
        env.Depends([elf, listed], tools)
        given = {} if options.program is None else {options.program_name: options.program}
        sources = [str(file) for file in given.values()]
        sources += [str(file.with_suffix(".pdb")) for file in given.values()
                    if file.with_suffix(".pdb").exists()]
        archive = self.file(
            profile.archive, [listed, env.Value(sorted(given))] + sources,
            lambda: self.make_archive(profile, given))
        iso = self.file(
            profile.iso, [elf, archive, env.Value(run.tokens(options))],
            lambda: run.build_iso(options, profile))
        self.profiles[profile.name] = {"elf": elf, "archive": archive, "iso": iso}
        return profile

    def make_archive(self, profile, given):
        """The archive of all programs, those of `given` (name -> file) too."""
        built = programs.files(profile)
        packed = tables.all_of(built, profile.tables)
        for name, file in given.items():
            table, why = tables.pack(file, name, profile.tables / "given")
            packed.pop(name, None)
            if table is None:
                print(f"note: no lines in the frames of this program: {why}")
            else:
                packed[name] = table
        image.make_archive(profile.archive, {**built, **given}, packed)
        for file in given.values():
            windows.add_dlls(profile.archive, file)

    def always(self, _name, target, step):
        """A file whose own builder decides what to do."""
        return self.env.AlwaysBuild(self.file(target, [], step))

    def file(self, target, sources, step):
        """A file made by a Python function; kept while it is made anew."""
        return self.env.Precious(self.env.Command(str(target), sources, self.step(step)))

    def step(self, function):
        """A scons action that says in one sentence why it failed."""
        def action(target, source, env):
            try:
                function()
            except BuildError as error:
                sys.stdout.flush()
                print(f"scons: {error}", file=sys.stderr)
                return 2
            return 0
        return self.env.Action(action, cmdstr=None)
