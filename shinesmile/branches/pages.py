"""The landing page, and the management of branches and services."""

import reflex as rx

from shinesmile import ui
from shinesmile.accounts.state.session import SessionState
from shinesmile.branches.live import BranchRow, ServiceRow
from shinesmile.branches.state import CatalogueState, ManagedBranchesState, ManagedServicesState
from shinesmile.ui.page import Page

KINDS = (("dental", "Dental"), ("optical", "Optical"))


def landing() -> rx.Component:
    """What the clinic is, what it offers and where."""
    return ui.public_shell(
        ui.hero(
            "Healthy smiles. Clear sight. No waiting room guesswork.",
            "Book a dentist or an optometrist at the branch near you, and follow your "
            "appointment live, from request to done.",
            ui.button_link("Book now", "/services", icon_name="calendar-plus"),
            rx.cond(
                SessionState.ready,
                ui.button_link("My page", SessionState.home, variant="outline"),
                ui.button_link("Log in", "/login", variant="outline"),
            ),
        ),
        ui.section("What we do", service_cards(), text="Fixed prices, clear times."),
        ui.section(
            "Where we are",
            rx.foreach(CatalogueState.branches, _branch_card),
            text="Each branch keeps its own hours and local time.",
        ),
    )


def service_cards() -> rx.Component:
    """A card for each service that can be booked."""
    return rx.cond(
        CatalogueState.read,
        rx.foreach(CatalogueState.services, _service_card),
        rx.fragment(ui.skeleton_card(), ui.skeleton_card(), ui.skeleton_card()),
    )


def _service_card(service: ServiceRow) -> rx.Component:
    return ui.service_card(
        service.name,
        service.description,
        service.minutes,
        service.price,
        service.icon,
        f"/services?service={service.id}",
        key=service.id,
    )


def _branch_card(branch: BranchRow) -> rx.Component:
    return ui.branch_card(
        branch.name, branch.address, branch.hours, branch.phone, "/services", key=branch.id
    )


def managed_branches() -> rx.Component:
    """The table of branches and the form for one of them."""
    return rx.fragment(
        ui.table(
            ["Branch", "Address", "Hours", "Time zone", "State", ""],
            ManagedBranchesState.rows,
            _branch_line,
            testid="branches-table",
            loaded=ManagedBranchesState.loaded,
            empty=ui.empty_state("building-2", "No branches yet", "Add the first one."),
        ),
        _branch_form(),
    )


def _branch_line(branch: BranchRow) -> rx.Component:
    return ui.row(
        {
            "Branch": rx.el.strong(branch.name),
            "Address": branch.address,
            "Hours": branch.hours,
            "Time zone": branch.timezone,
            "State": active_badge(branch.is_active),
            "": ui.button(
                "Edit",
                variant="soft",
                on_click=ManagedBranchesState.edit(branch.id),
                aria_label=f"Edit {branch.name}",
            ),
        },
        key=branch.id.to_string(),
        testid="branch-row",
    )


def active_badge(is_active: rx.Var | bool) -> rx.Component:
    """Whether something is in use."""
    return rx.cond(
        is_active,
        ui.badge("Active", "circle-check", "green"),
        ui.badge("Closed", "circle-x", "gray"),
    )


def _branch_form() -> rx.Component:
    state, row = ManagedBranchesState, ManagedBranchesState.editing
    return ui.form_dialog(
        state.form_open,
        "Branch",
        ui.text_field("Name", "name", default_value=row.name, error=state.errors["name"]),
        ui.text_field(
            "Address",
            "address",
            default_value=row.address,
            error=state.errors["address"],
            optional=True,
        ),
        ui.text_field(
            "Phone", "phone", default_value=row.phone, error=state.errors["phone"], optional=True
        ),
        ui.select_field(
            "Time zone",
            "timezone",
            state.zones,
            default_value=row.timezone,
            error=state.errors["timezone"],
            placeholder="Choose",
        ),
        ui.check_field("Takes bookings", "is_active", default_checked=row.is_active),
        on_submit=state.save,
        on_cancel=state.close,
    )


def managed_services() -> rx.Component:
    """The table of services and the form for one of them."""
    return rx.fragment(
        ui.table(
            ["Service", "Kind", "Length", "Price", "Approval", "State", ""],
            ManagedServicesState.rows,
            _service_line,
            testid="services-table",
            loaded=ManagedServicesState.loaded,
            empty=ui.empty_state("tags", "No services yet", "Add the first one."),
        ),
        _service_form(),
    )


def _service_line(service: ServiceRow) -> rx.Component:
    return ui.row(
        {
            "Service": rx.el.strong(service.name),
            "Kind": service.kind.capitalize(),
            "Length": f"{service.minutes} min",
            "Price": service.price,
            "Approval": rx.cond(service.needs_approval, "By the branch", "At once"),
            "State": active_badge(service.is_active),
            "": ui.button(
                "Edit",
                variant="soft",
                on_click=ManagedServicesState.edit(service.id),
                aria_label=f"Edit {service.name}",
            ),
        },
        key=service.id.to_string(),
        testid="service-row",
    )


def _service_form() -> rx.Component:
    state, row = ManagedServicesState, ManagedServicesState.editing
    return ui.form_dialog(
        state.form_open,
        "Service",
        ui.text_field("Name", "name", default_value=row.name, error=state.errors["name"]),
        ui.select_field("Kind", "kind", KINDS, default_value=row.kind, error=state.errors["kind"]),
        ui.text_area_field(
            "Description",
            "description",
            default_value=row.description,
            error=state.errors["description"],
            rows=2,
            optional=True,
        ),
        ui.text_field(
            "Length in minutes",
            "duration_minutes",
            type="number",
            default_value=row.minutes.to_string(),
            error=state.errors["duration_minutes"],
        ),
        ui.text_field("Price", "price", default_value=row.price, error=state.errors["price"]),
        ui.check_field(
            "Requests need approval", "needs_approval", default_checked=row.needs_approval
        ),
        ui.check_field("Can be booked", "is_active", default_checked=row.is_active),
        ui.check_list("Branches", "branch", state.branches, row.branch_ids),
        on_submit=state.save,
        on_cancel=state.close,
    )


PAGES = (
    Page(
        "/",
        "ShineSmile",
        landing(),
        on_load=[SessionState.greet, CatalogueState.open],
        public=True,
    ),
    Page(
        "/admin/branches",
        "Branches",
        managed_branches(),
        on_load=[ManagedBranchesState.open],
        subtitle="Where patients are seen, and when.",
        actions=[
            rx.cond(
                ManagedBranchesState.may_add,
                ui.button("Add branch", on_click=ManagedBranchesState.edit(0)),
            )
        ],
    ),
    Page(
        "/admin/services",
        "Services",
        managed_services(),
        on_load=[ManagedServicesState.open],
        subtitle="What can be booked, for how long and at what price.",
        actions=[ui.button("Add service", on_click=ManagedServicesState.edit(0))],
    ),
)
