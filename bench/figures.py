"""Figures, their budgets, and the two forms they are shown in."""
import json
import statistics

# figure: (unit, must, goal). A unit named "x ..." is a ratio to what is named in it, both of the
# same round: a slow day slows both. CAF pair: a request between two CAF actors; signing: a process that
# signs once, as a login does; nginx: its CPU for the same requests; Expat: its reading of a message of 1 kB,
# or of one as short, of which nothing is made; echo: an event heard and answered, with the same journal.
BUDGETS = {
    "Create IM, asker on the loop, plain": ("x wrk", 1.45, 1.15),
    "Create IM, asker on the loop, TLS": ("x wrk", 1.40, 1.15),
    "Create IM, author's actor, plain": ("x wrk", 2.0, 1.5),
    "Create IM, author's actor, TLS": ("x wrk", 2.0, 1.5),
    "Create IM with 10,000 waiting": ("x none waiting", 1.10, 1.03),
    "coalesced duplicate": ("x CAF pair", 1.5, 1.0),
    "known IM, through the actor": ("x CAF pair", 1.2, 0.8),
    "known IM, from a host thread": ("x CAF pair", 0.08, 0.05),
    "memory, idle bot": ("MB", 14, 10),
    "memory, waiting request": ("B", 2048, 1024),
    "memory, known IM": ("B", 250, 160),
    "process start to first IM": ("x signing", 3.5, 2),
    "idle CPU": ("ms/s", 0.1, 0.01),
    "message of 1 kB, built": ("x Expat", 1.2, 0.7),
    "message with a form, built": ("x Expat", 6, 3),
    "message of 1 kB, read": ("x Expat", 3.5, 2),
    "message of 1 kB, checked and written": ("x Expat", 12, 6),
    "message of 50 kB, checked and written, each kB": ("x Expat", 4, 2),
    "message that calls one of 200 commands": ("x Expat", 2, 0.7),
    "message beside 200 commands": ("x Expat", 2, 1),
    "emulator, server CPU of a Create IM": ("x nginx", 2.5, 1.5),
    "Python kit 2.11.0, CPU of a Create IM": ("x Tutti", 60, 80),
    "event heard and answered, journal in memory": ("x Create IM", 4, 3),
    "event heard and answered, journal in a file": ("x Create IM", 10, 6),
    "memory, idle bot with a feed": ("MB", 16, 12),
    "step of a dialogue, journal in memory": ("x echo", 3, 1.5),
    "step of a dialogue, journal in a file": ("x echo", 3, 1.5),
    "memory, bot with 100,000 waiting dialogues": ("MB", 20, 16),
    "Python kit 2.11.0, event heard and answered": ("x Tutti", 50, 80),
    "Java kit 2.12.0, event heard and answered": ("x Tutti", 10, 20),
}
# Of figures that are not microseconds, where their budget does not say it.
UNITS = {"process with one IM, start to end": "ms", "process start to first IM": "ms", "process that signs once": "ms",
         "memory, idle bot over TLS": "MB", "memory, idle bot with a feed and a file": "MB"}
# Shown beside a figure when its run reports it: (key of the run and the JSON, head of the table).
DETAILS = {"per_second": "requests/s", "p50_us": "p50 us", "p99_us": "p99 us", "p999_us": "p99.9 us",
           "peak_kb": "peak kB"}
# More is better.
AT_LEAST = {"Python kit 2.11.0, CPU of a Create IM", "Python kit 2.11.0, event heard and answered",
            "Java kit 2.12.0, event heard and answered"}


class Figures:
    """Values by figure, one for each round."""

    def __init__(self):
        self.values = {}
        self.references = {}
        self.details = {}

    def add(self, name, value, reference=None):
        self.values.setdefault(name, []).append(value)
        if reference is not None:
            self.references.setdefault(name, []).append(reference)

    def add_run(self, name, run, reference=None):
        """CPU of a request, and whatever else the run knows."""
        self.add(name, run["cpu_us"], reference)
        for key in DETAILS.keys() & run.keys():
            self.details.setdefault(name, {}).setdefault(key, []).append(run[key])

    def last_rate(self, name):
        return self.details[name]["per_second"][-1]

    def rows(self):
        """As the JSON has them; budgeted ones first."""
        names = [n for n in BUDGETS if n in self.values] + [n for n in self.values if n not in BUDGETS]
        return [self._row(name) for name in names]

    def _row(self, name):
        values = self.values[name]
        unit, must, goal = BUDGETS.get(name, (None, None, None))
        references = self.references.get(name)
        ratio = statistics.median(v / r for v, r in zip(values, references)) if references else None
        compared = ratio if unit and unit.startswith("x ") else statistics.median(values)
        def good(bound):
            return compared >= bound if name in AT_LEAST else compared <= bound
        return {"figure": name, "value": statistics.median(values),
                "unit": self.unit(name), "least": min(values), "most": max(values),
                "reference": self.reference(name),
                "ratio": ratio, "budget": must, "goal": goal, "met": good(must) if must else None,
                "goal_met": good(goal) if goal else None,
                **{key: statistics.median(all_) for key, all_ in self.details.get(name, {}).items()}}

    def reference(self, name):
        unit = BUDGETS.get(name, ("",))[0]
        if unit.startswith("x "):
            return unit[2:]
        if name not in self.references:
            return None
        if " kit " not in name:
            return "wrk"
        return "bot.ask" if "beside bot.ask" in name else "Tutti"

    @staticmethod
    def unit(name):
        unit = BUDGETS.get(name, (UNITS.get(name, "us"),))[0]
        return UNITS.get(name, "us") if unit.startswith("x ") else unit

    def table(self):
        lines = [f"{'':<48} {'value':>9} {'spread':>17} {'ratio':>15} {'must':>7} {'goal':>7}"]
        for row in self.rows():
            ratio = f"{row['ratio']:.2f}x {row['reference']}" if row["ratio"] else ""
            must = "" if row["budget"] is None else f"{row['budget']:g}"
            goal = "" if row["goal"] is None else f"{row['goal']:g}"
            verdict = {None: "", True: "met", False: "MISSED"}[row["met"]]
            verdict = "goal met" if row["goal_met"] else verdict
            spread = f"{row['least']:.3g}-{row['most']:.3g}"
            lines.append(f"{row['figure']:<48} {row['value']:>6.4g} {row['unit']:<4}{spread:>15} "
                         f"{ratio:>15} {must:>7} {goal:>7}  {verdict}".rstrip())
        return "\n".join(lines)

    def details_table(self):
        """Rates, latencies and peak memory of the figures that have them."""
        lines = ["".join([f"{'':<52}", *(f"{head:>11}" for head in DETAILS.values())])]
        for row in self.rows():
            if row["figure"] in self.details:
                cells = (f"{row[key]:>11,.0f}" if key in row else " " * 11 for key in DETAILS)
                lines.append("".join([f"{row['figure']:<52}", *cells]).rstrip())
        return "\n".join(lines)

    def json_lines(self):
        return "".join(json.dumps(row) + "\n" for row in self.rows())

    def missed(self, without_kits=False):
        """Budgets that do not hold, or whose figure was not measured."""
        # Maven has the Java kit, or has not.
        expected = [n for n in BUDGETS
                    if not (without_kits and " kit " in n) and not n.startswith("Java kit")]
        return ([row["figure"] for row in self.rows() if row["met"] is False]
                + [f"{name} (not measured)" for name in expected if name not in self.values])
