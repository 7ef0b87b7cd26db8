"""A program on a terminal of its own, and what that shows, as a page for a browser."""
import fcntl, html, os, pty, select, struct, subprocess, termios, time

import pyte

COLOURS = {"default": "#d8d8d8", "red": "#f2777a", "green": "#7ec77e", "brown": "#e6c066", "yellow": "#e6c066", "blue": "#6699cc",
           "magenta": "#cc99cc", "cyan": "#66cccc", "white": "#ffffff", "black": "#1c1f26"}


class Faint(pyte.Screen):
    """pyte knows of no faint text: it is italic here, which nothing else is."""

    def select_graphic_rendition(self, *attributes, **more):
        super().select_graphic_rendition(*(3 if a == 2 else a for a in attributes), **more)


class Terminal:
    def __init__(self, argv, columns, rows, **environment):
        self.screen = Faint(columns, rows)
        self.stream = pyte.ByteStream(self.screen)
        # The slave's own size, before the program looks at it.
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

        def own_terminal():
            os.setsid()
            fcntl.ioctl(0, termios.TIOCSCTTY, 0)

        self.process = subprocess.Popen(argv, stdin=slave, stdout=slave, stderr=slave, preexec_fn=own_terminal,
                                        env={**os.environ, "TERM": "xterm-256color", "LC_ALL": "C.UTF-8", **environment})
        os.close(slave)

    def text(self):
        return "\n".join(self.screen.display)

    def press(self, keys):
        os.write(self.master, keys.encode())

    def _read(self):
        """False: nobody writes any more."""
        if not select.select([self.master], [], [], 0.05)[0]:
            return True
        try:
            octets = os.read(self.master, 1 << 16)
        except OSError:
            return False
        self.stream.feed(octets)
        return bool(octets)

    def watch_until(self, is_enough, patience=120):
        """Until is_enough(text of the screen) or the program has ended; whether it was enough."""
        end = time.monotonic() + patience
        while time.monotonic() < end:
            goes_on = self._read()
            if is_enough(self.text()):
                return True
            if not goes_on:
                return False
        raise RuntimeError("This never came to the screen. It has:\n" + self.text())

    def finish(self):
        self.watch_until(lambda _: False)
        return self.process.wait()

    def close(self):
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait()
        os.close(self.master)

    def page(self):
        """HTML of the screen as it is."""
        lines = []
        for row in range(self.screen.lines):
            cells = [self.screen.buffer[row][column] for column in range(self.screen.columns)]
            lines.append("".join(self._cell(c) for c in cells))
        return ("<!doctype html><meta charset=utf-8><style>body{margin:0;background:#1c1f26}"
                "pre{margin:0;padding:14px 18px;display:inline-block;color:%s;font:15px/1.28 'DejaVu Sans Mono',monospace}</style><pre>%s</pre>"
                % (COLOURS["default"], "\n".join(lines)))

    @staticmethod
    def _cell(cell):
        text = html.escape(cell.data)
        style = ""
        if cell.fg != "default":
            style += "color:%s;" % COLOURS.get(cell.fg, COLOURS["default"])
        if cell.bold:
            style += "font-weight:bold;"
        if cell.italics:
            style += "opacity:.55;"
        return f'<span style="{style}">{text}</span>' if style else text
