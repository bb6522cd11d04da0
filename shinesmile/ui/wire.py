"""What Reflex does not tell: the socket has dropped, and no retry has failed yet.

Reflex counts only failed attempts to connect, and its client calls the optional
`window.__reflex_otel` at every connect and disconnect. LinkWatch listens there and to the
browser's own online and offline events. Without that hook the dot still follows the errors.
"""

from reflex_base.utils.imports import ImportVar
from reflex_base.vars import VarData
from reflex_base.vars.base import Var
from reflex_components_core.base.fragment import Fragment

PATIENCE_MS = 4000

_SUBSCRIBE = """
const socketLink = useSyncExternalStore(
  (changed) => {
    window.addEventListener("shinesmile:link", changed);
    return () => window.removeEventListener("shinesmile:link", changed);
  },
  () => globalThis.shinesmileLink?.state ?? "unknown",
  () => "unknown",
);
"""

_store = VarData(
    imports={"react": [ImportVar(tag="useSyncExternalStore")]}, hooks={_SUBSCRIBE: None}
)

#: up, dropped (a moment ago), down (longer, or the browser is offline), unknown.
link_state = Var(_js_expr="socketLink", _var_type=str, _var_data=_store).guess_type()

#: Local time at which the link was lost, such as 14:32, or nothing.
lost_at = Var(
    _js_expr='(globalThis.shinesmileLink?.lostAt ?? "")', _var_type=str, _var_data=_store
).guess_type()

_WATCH = """
useEffect(() => {
  const hooks = (window.__reflex_otel ??= {});
  const { onSocketConnect, onSocketDisconnect } = hooks;
  let socket = globalThis.shinesmileLink?.state ?? "unknown";
  let patience;
  const tell = () => {
    const before = globalThis.shinesmileLink ?? { lostAt: "" };
    const state = navigator.onLine ? socket : "down";
    const now = new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
    const lostAt = state === "up" ? "" : before.lostAt || now;
    globalThis.shinesmileLink = { state, lostAt };
    window.dispatchEvent(new Event("shinesmile:link"));
  };
  hooks.onSocketConnect = () => {
    clearTimeout(patience);
    socket = "up";
    tell();
    onSocketConnect?.();
  };
  hooks.onSocketDisconnect = (reason) => {
    socket = "dropped";
    tell();
    clearTimeout(patience);
    patience = setTimeout(() => {
      socket = "down";
      tell();
      // Reflex does not retry after the server closed the socket itself; this makes it look.
      document.dispatchEvent(new Event("visibilitychange"));
    }, PATIENCE);
    onSocketDisconnect?.(reason);
  };
  window.addEventListener("online", tell);
  window.addEventListener("offline", tell);
  return () => {
    clearTimeout(patience);
    Object.assign(hooks, { onSocketConnect, onSocketDisconnect });
    window.removeEventListener("online", tell);
    window.removeEventListener("offline", tell);
  };
}, []);
""".replace("PATIENCE", str(PATIENCE_MS))


class LinkWatch(Fragment):
    """Keeps `link_state` true to the socket. Once per app, in the overlay."""

    def add_imports(self) -> dict[str, ImportVar]:
        return {"react": ImportVar(tag="useEffect")}

    def add_hooks(self) -> list[str | Var]:
        return [_WATCH]


__all__ = ["LinkWatch", "link_state", "lost_at"]
