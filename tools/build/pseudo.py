"""A program on a pseudo-terminal, which a test types at and waits for."""

import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time

LIMIT_S = 60


class Session:
    """A command whose streams are a terminal of its own, but for those that are given."""

    def __init__(self, words, size=(25, 80), **streams):
        self.seen, self.place, self.code = b"", 0, None
        self.end = time.monotonic() + LIMIT_S
        master, terminal = pty.openpty()
        self.master = master
        self.resize(*size)
        self.before = termios.tcgetattr(terminal)
        self.terminal = terminal
        self.child = os.fork()
        if self.child == 0:
            os.setsid()
            fcntl.ioctl(terminal, termios.TIOCSCTTY, 0)
            for number, name in enumerate(("stdin", "stdout", "stderr")):
                os.dup2(streams.get(name, terminal), number)
            os.closerange(3, 256)
            os.execv(words[0], [str(word) for word in words])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.code is None:
            os.kill(self.child, signal.SIGKILL)
            os.waitpid(self.child, 0)
        os.close(self.master)
        os.close(self.terminal)

    def resize(self, rows, columns):
        """Gives the window another size, of which its owner is told."""
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def more(self):
        """Waits for more of what the terminal shows; False: there is none in time."""
        ready, _, _ = select.select([self.master], [], [], 0.05)
        if ready:
            self.seen += os.read(self.master, 4096)
        return time.monotonic() < self.end

    def expect(self, *texts):
        """Waits until each text has been shown, one behind the other."""
        for text in texts:
            while (found := self.seen.find(text, self.place)) < 0:
                assert self.more(), f"{text!r} is not shown: {self.seen[self.place:]!r}"
            self.place = found + len(text)
        return self

    def type(self, keys):
        """Types."""
        os.write(self.master, keys)
        return self

    def signal(self, which):
        """Sends the command a signal."""
        os.kill(self.child, which)
        return self

    def finish(self):
        """Waits for the end; the exit code, or minus a signal. The terminal is as it was."""
        while self.code is None:
            assert self.more(), f"it does not end: {self.seen[-500:]!r}"
            done, status = os.waitpid(self.child, os.WNOHANG)
            if done:
                self.code = os.waitstatus_to_exitcode(status)
        while select.select([self.master], [], [], 0)[0]:
            self.seen += os.read(self.master, 4096)
        after = termios.tcgetattr(self.terminal)
        assert after == self.before, f"the terminal was left changed: {after}"
        return self.code
