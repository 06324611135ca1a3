"""The story in the terminal: one line a step, a bar over the months, a table at the end."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from dev.demo.people import Told


class Narrator:
    """Prints as the story goes; keeps what it told."""

    def __init__(self, console: Console) -> None:
        """`console` is where to print."""
        self.console = console
        self.told: list[Told] = []
        self._progress: Progress | None = None
        self._is_hushed = False

    def chapter(self, title: str) -> None:
        """A heading."""
        self.console.print()
        self.console.rule(f"[bold]{escape(title)}", align="left")

    def tell(self, told: Told) -> None:
        """One step: who did what, the status, what it caused."""
        self.told.append(told)
        if self._is_hushed:
            return
        colour = "green" if told.status < 400 else "yellow"
        self.console.print(
            f"  [bold]{escape(told.who):<12}[/] {escape(told.what)}"
            f"  [dim]{told.method} {escape(_short(told.path))}[/] [{colour}]{told.status}[/]",
            highlight=False,
        )
        if told.caused:
            self.note(told.caused)

    def note(self, text: str) -> None:
        """What a step caused."""
        self.console.print(f"               [cyan]→[/] {escape(text)}", highlight=False)

    @contextmanager
    def hushed(self) -> Iterator[None]:
        """What goes on behind the scene: steps are kept, but not printed."""
        self._is_hushed = True
        yield
        self._is_hushed = False

    @contextmanager
    def months(self, total_days: int) -> Iterator[None]:
        """A progress bar over the days of the story."""
        columns = (
            TextColumn("  {task.description}"),
            BarColumn(bar_width=40),
            TextColumn("{task.completed:.0f} of {task.total:.0f} days"),
            TimeElapsedColumn(),
        )
        with Progress(*columns, console=self.console, transient=True) as progress:
            self._progress = progress
            progress.add_task("the course", total=total_days)
            yield
            self._progress = None

    def day(self, number: int, label: str) -> None:
        """The story has come to this day."""
        if self._progress is not None:
            task = self._progress.tasks[0].id
            self._progress.update(task, completed=number, description=label)

    def summary(self, rows: Iterable[tuple[str, str]]) -> None:
        """The table at the end."""
        table = Table(show_header=False, title="Summary", title_justify="left")
        for name, value in rows:
            table.add_row(escape(name), escape(value))
        self.console.print()
        self.console.print(table)


def _short(path: str) -> str:
    """A path whose ids are cut to what tells them apart."""
    return "/".join(
        p[:4] + "…" + p[-4:] if "_" in p and len(p) > 25 else p for p in path.split("/")
    )
