"""The design system: functions of values and Vars that return components.

No state, no database, no other module of the app. Pages write `from shinesmile import ui`.
"""

from .badges import badge, role_badge, role_label, severity_icon, status_badge
from .bell import bell
from .brand import brand, theme_toggle
from .connection import connection_dot, connection_state, offline_banner, overlay
from .crash import error_boundary
from .dialogs import button, confirm_dialog, reason_dialog
from .empty import empty_state, loading_rows, skeleton, skeleton_card
from .fields import check_field, field, select_field, text_area_field, text_field
from .form_dialogs import check_list, form_dialog
from .forms import form_actions, form_error, form_grid, native_form, submit_button
from .icons import icon, icon_button, named_icon, with_icon
from .landing import branch_card, hero, section, service_card
from .links import button_link, link
from .public import auth_card, public_shell
from .shell import no_access, shell, waiting
from .slots import slot_grid
from .tables import pager, row, table
from .theme import SEVERITY, SPACE, STYLESHEETS, TYPE, head, theme
from .tiles import card, stat_tile, tiles
from .toasts import toast, toaster
from .toolbar import filter_select, search_field, toolbar

__all__ = [
    "SEVERITY",
    "SPACE",
    "STYLESHEETS",
    "TYPE",
    "auth_card",
    "badge",
    "bell",
    "branch_card",
    "brand",
    "button",
    "button_link",
    "card",
    "check_field",
    "check_list",
    "confirm_dialog",
    "connection_dot",
    "connection_state",
    "empty_state",
    "error_boundary",
    "field",
    "filter_select",
    "form_actions",
    "form_dialog",
    "form_error",
    "form_grid",
    "head",
    "hero",
    "icon",
    "icon_button",
    "link",
    "loading_rows",
    "named_icon",
    "native_form",
    "no_access",
    "offline_banner",
    "overlay",
    "pager",
    "public_shell",
    "reason_dialog",
    "role_badge",
    "role_label",
    "row",
    "search_field",
    "section",
    "select_field",
    "service_card",
    "severity_icon",
    "shell",
    "skeleton",
    "skeleton_card",
    "slot_grid",
    "stat_tile",
    "status_badge",
    "submit_button",
    "table",
    "text_area_field",
    "text_field",
    "theme",
    "theme_toggle",
    "tiles",
    "toast",
    "toaster",
    "toolbar",
    "waiting",
    "with_icon",
]
