"""All rules compiled into one look-up, so that a tool is read once however many rules there are.

Actions, words and parameters are looked up by their words; only rules that wait for one of them are asked. Raw
texts are searched for the signals of all rules in one pass of an automaton.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import ahocorasick

from classifier.actions import Mention, Source
from classifier.rule import Hit, Pattern, Rule, Trigger
from classifier.view import ToolView, normalized

_Waiting = Mapping[str, Sequence[tuple[Rule, Pattern]]]
_BEYOND_ASCII = ""  # the signal of rules that name none


class Engine:
    """Rules compiled. Raises ValueError when a rule waits for nothing."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        actions: dict[Source, dict[str, list[tuple[Rule, Pattern]]]] = {source: defaultdict(list) for source in Source}
        words: dict[Trigger, dict[str, list[tuple[Rule, Pattern]]]] = {
            trigger: defaultdict(list) for trigger in Trigger
        }
        signals: dict[str, list[Rule]] = defaultdict(list)
        for rule in rules:
            if not rule.patterns and rule.search is None:
                raise ValueError(f"rule {rule.id} waits for nothing")
            for pattern in rule.patterns:
                for word in sorted(pattern.words):
                    if pattern.trigger is Trigger.ACTION:
                        for source in pattern.sources:
                            actions[source][word].append((rule, pattern))
                    else:
                        words[pattern.trigger][word].append((rule, pattern))
            if rule.search is not None:
                for signal in rule.signals or (_BEYOND_ASCII,):
                    signals[signal].append(rule)
        self._actions: Mapping[Source, _Waiting] = actions
        self._words: _Waiting = words[Trigger.WORD]
        self._parameters: _Waiting = words[Trigger.PARAMETER]
        self._beyond_ascii = tuple(signals.pop(_BEYOND_ASCII, ()))
        self._signals = _automaton(signals)

    def ask(self, view: ToolView) -> list[Hit]:
        """Ask every rule of one tool; hits stand in the order in which the tool is read."""
        hits: list[Hit] = []
        self._ask_actions(view, hits)
        self._ask_words(view, hits)
        self._ask_parameters(view, hits)
        self._ask_texts(view, hits)
        return hits

    def _ask_actions(self, view: ToolView, hits: list[Hit]) -> None:
        seen = set()
        for verb, objects, source, mention in view.actions:
            for rule, pattern in self._actions[source].get(verb, ()):
                if pattern.fits(objects) and (rule, mention) not in seen and pattern.holds(view):
                    seen.add((rule, mention))
                    hits.append(Hit(rule, mention))

    def _ask_words(self, view: ToolView, hits: list[Hit]) -> None:
        for word in sorted(self._words.keys() & view.said.keys()):
            for rule, pattern in self._words[word]:
                if pattern.holds(view):
                    hits.append(Hit(rule, view.mention_of(word)))

    def _ask_parameters(self, view: ToolView, hits: list[Hit]) -> None:
        for parameter in view.parameters:
            for word in sorted(parameter.words & self._parameters.keys()):
                for rule, pattern in self._parameters[word]:
                    if pattern.stands_alone(parameter.words) and pattern.holds(view):
                        hit = Hit(rule, Mention(parameter.field))
                        if hit not in hits:
                            hits.append(hit)

    def _ask_texts(self, view: ToolView, hits: list[Hit]) -> None:
        text = view.joined_text()
        asked = [] if text.isascii() else list(self._beyond_ascii)
        if self._signals is not None:
            for _end, rules in self._signals.iter(normalized(text)):
                asked += [rule for rule in rules if rule not in asked]
        for rule in asked:
            if rule.search is not None:
                hits += [Hit(rule, place) for place in rule.search(view)]


def _automaton(signals: Mapping[str, Sequence[Rule]]) -> "ahocorasick.Automaton | None":
    if not signals:
        return None
    automaton = ahocorasick.Automaton()
    for signal, rules in signals.items():
        automaton.add_word(signal, tuple(rules))
    automaton.make_automaton()
    return automaton
