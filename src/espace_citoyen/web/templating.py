"""The templates' own language: strict names, French dates, and the macros of govuk-frontend."""

from types import CodeType

import flask
from jinja2 import BytecodeCache, ChainableUndefined, Environment, PackageLoader, PrefixLoader, StrictUndefined
from jinja2.bccache import Bucket

from espace_citoyen import dates
from espace_citoyen.web import context, headers, menu, wording
from espace_citoyen.web.municipality import VALOMBRE

MACROS = {
    "button": "govukButton",
    "character-count": "govukCharacterCount",
    "checkboxes": "govukCheckboxes",
    "date-input": "govukDateInput",
    "details": "govukDetails",
    "error-summary": "govukErrorSummary",
    "fieldset": "govukFieldset",
    "file-upload": "govukFileUpload",
    "input": "govukInput",
    "inset-text": "govukInsetText",
    "notification-banner": "govukNotificationBanner",
    "pagination": "govukPagination",
    "panel": "govukPanel",
    "password-input": "govukPasswordInput",
    "radios": "govukRadios",
    "select": "govukSelect",
    "summary-list": "govukSummaryList",
    "table": "govukTable",
    "tag": "govukTag",
    "textarea": "govukTextarea",
    "warning-text": "govukWarningText",
}
"""Components of govuk-frontend-jinja that every template may call by name, without an import."""
LIBRARY = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})


class Compiled(BytecodeCache):
    """Templates compiled once per process: every test makes an application of its own."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give the code of this very source, if it is known."""
        bucket.code = self._kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the code of this source."""
        if bucket.code is not None:
            self._kept[bucket.key, bucket.checksum] = bucket.code


COMPILED = Compiled()


def install(app: flask.Flask) -> None:
    """Set the environment up; a name that a template does not know is an error, not an empty string."""
    env = app.jinja_env
    env.undefined = StrictUndefined
    env.bytecode_cache = COMPILED
    env.trim_blocks = env.lstrip_blocks = True
    env.filters |= {"day": dates.day, "weekday": dates.weekday, "hour": dates.hour, "moment": dates.moment}
    env.filters |= {"instant": dates.instant, "machine": dates.machine, **wording.FILTERS}
    env.globals |= _macros(env)
    env.globals |= {"municipality": VALOMBRE, "demo": context.shell_of(app).settings.demo}
    env.globals |= {"visitor": context.visitor, "account": context.account}
    env.globals |= {"main_menu": menu.main_menu, "footer_menu": menu.footer_menu}
    env.globals |= {"csp_nonce": headers.nonce, "is_late": context.is_late}


def _macros(env: Environment) -> dict[str, object]:
    """The library's macros read missing parameters as empty: they live in an environment that lets them."""
    lenient = env.overlay(undefined=ChainableUndefined, loader=LIBRARY)
    return {
        name: getattr(lenient.get_template(f"govuk_frontend_jinja/components/{folder}/macro.html").module, name)
        for folder, name in MACROS.items()
    }
