"""The whole system on one machine.

Real servers, the four services, and a simulated outside where wanted.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from meshcore.model_names import provider_of
from meshsim.children import Child, WorldError, answers, free_port, is_free, wait_until
from meshsim.servers import NatsServer, Postgres, program

SERVICES = ("projector", "outreach", "agent", "ingress")
"""In the order of their start; they stop in reverse, so that nothing new comes in first."""

TWILIO = ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_WHATSAPP_FROM")
MESSAGING_SERVICE = "TWILIO_MESSAGING_SERVICE_SID"
"""Takes the place of the last of these."""
GEMINI = ("GEMINI_API_KEY",)
MODEL = ("MESH_MODEL_API_KEY", "MESH_MODEL_URL")

_SETTINGS = (
    "DATABASE_URL",
    "GEMINI_",
    "MAX_CONCURRENT_LLM_CALLS",
    "MESH_",
    "NATS_URL",
    "OUTREACH_",
    "TWILIO_",
)
_SIMULATED_TWILIO = {
    "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
    "TWILIO_AUTH_TOKEN": "simulated",
    "TWILIO_WHATSAPP_FROM": "whatsapp:+14155238886",
}
_SIMULATED_MODEL = {"GEMINI_API_KEY": "simulated", "MESH_MODEL_API_KEY": "simulated"}
_READY = 60.0


def is_setting(name: str) -> bool:
    """Whether an environment variable is one of MeshAI's settings."""
    return name.startswith(_SETTINGS)


@dataclass(frozen=True)
class Plan:
    """What a world is made of.

    Attributes:
        folder: where data, logs and pids go; created if need be.
        settings: environment variables given by the user; what is given is not made up.
        replicas: how many processes of each service.
        http_port: port of ingress; 0 for a free one.
        nats_port: port of the embedded nats-server; 0 for a free one.
        speed: how much faster than people the simulated participants are.
        model_latency: seconds that the simulated model takes.
        seed: of everything simulated.
    """

    folder: Path
    settings: Mapping[str, str] = field(default_factory=dict)
    replicas: int = 1
    http_port: int = 0
    nats_port: int = 0
    speed: float = 20.0
    model_latency: float = 0.05
    seed: int = 0

    @property
    def simulates_twilio(self) -> bool:
        """Whether no Twilio account is given.

        Raises:
            WorldError: it is given in part.
        """
        service = self.settings.get(MESSAGING_SERVICE)
        return _absent(self.settings, (*TWILIO[:2], MESSAGING_SERVICE) if service else TWILIO)

    @property
    def simulates_model(self) -> bool:
        """Whether nothing is given to reach Gemini by, or OpenAI where that is asked for."""
        match provider_of(self.settings.get("MESH_MODEL", "")):
            case None:
                return _absent(self.settings, GEMINI)
            case "openai":
                return not any(self.settings.get(name) for name in MODEL)
            case _:
                return False


def _absent(settings: Mapping[str, str], names: tuple[str, ...]) -> bool:
    missing = [name for name in names if not settings.get(name)]
    if missing and len(missing) < len(names):
        raise WorldError(
            f"{', '.join(missing)} missing: give all of {', '.join(names)} to use the real "
            "service, or none of them to simulate it"
        )
    return bool(missing)


class World:
    """Everything that is started, by name. Use `start` and `stop`, or `running`."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.http_port = plan.http_port or free_port()
        self.nats = None if plan.settings.get("NATS_URL") else self._nats()
        self.postgres = None if plan.settings.get("DATABASE_URL") else Postgres(plan.folder)
        self.whatsapp: Child | None = None
        self.model: Child | None = None
        self.services: dict[str, Child] = {}
        self.env: dict[str, str] = {}
        self.health: dict[str, str] = {}
        self._lock: IO[bytes] | None = None

    @property
    def api(self) -> str:
        """The base URL of ingress."""
        return f"http://127.0.0.1:{self.http_port}"

    @property
    def children(self) -> list[Child]:
        """All processes of ours, in the order of their start."""
        simulated = [child for child in (self.whatsapp, self.model) if child]
        servers = [self.nats.child] if self.nats else []
        return [*servers, *simulated, *self.services.values()]

    def start(self) -> None:
        """Starts everything and waits until all services are ready.

        Raises:
            WorldError: something does not come up; what was started is stopped again.
        """
        self.plan.folder.mkdir(parents=True, exist_ok=True)
        if not is_free(self.http_port):
            raise WorldError(
                f"port {self.http_port} is taken; stop what listens there, or set MESH_HTTP_PORT"
            )
        self._lock_folder()
        try:
            self._start_servers()
            self._start_simulated()
            self.migrate()
            for name in SERVICES:
                for replica in range(1, self.plan.replicas + 1):
                    self.add_service(name, replica)
            self.wait_ready()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stops everything in reverse order.

        Services drain, then the outside goes, then the servers.
        """
        for child in reversed(list(self.services.values())):
            child.stop()
        for simulated in (self.whatsapp, self.model):
            if simulated:
                simulated.stop()
        if self.nats:
            self.nats.stop()
        if self.postgres:
            self.postgres.stop()
        self._unlock_folder()

    def _lock_folder(self) -> None:
        """Keeps a second world away, which would take our processes for leftovers of a dead one.

        The lock goes with this process, however it ends.
        """
        self._lock = (self.plan.folder / "lock").open("wb")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self._unlock_folder()
            raise WorldError(
                f"another MeshAI runs on the data in {self.plan.folder}; stop it, or set "
                "MESH_DATA_DIR"
            ) from error

    def _unlock_folder(self) -> None:
        if self._lock:
            self._lock.close()
        self._lock = None

    def add_service(self, name: str, replica: int = 1) -> Child:
        """Starts one process of a service. Further replicas of ingress listen on free ports."""
        label = name if replica == 1 else f"{name}-{replica}"
        port = self.http_port if label == "ingress" else free_port()
        env = {**self.env, "MESH_HTTP_PORT": str(port), "MESH_HEALTH_PORT": str(port)}
        child = Child(label, [program(f"mesh-{name}")], env, self.plan.folder / "logs")
        self.services[label] = child
        self.health[label] = f"http://127.0.0.1:{port}"
        child.start()
        return child

    def wait_ready(self) -> None:
        """Waits until every service says that it is ready.

        Raises:
            WorldError: one has left, or is not ready in time.
        """
        for label, child in self.services.items():
            url = f"{self.health[label]}/readyz"
            wait_until(
                lambda url=url, child=child: answers(url) or not child.alive,  # type: ignore[misc]
                _READY,
                f"{label} was not ready",
            )
            self.raise_if_dead(child)

    def raise_if_dead(self, child: Child) -> None:
        """Raises WorldError with the end of its log if the child has left."""
        if not child.alive:
            raise WorldError(
                f"{child.name} has left with status {child.exit_status}. Its last words "
                f"({child.log}):\n{child.tail()}"
            )

    def migrate(self) -> None:
        """Brings the read tables up to date.

        Raises:
            WorldError: the migration fails.
        """
        done = subprocess.run(  # noqa: S603 - our own program
            [program("mesh-projector"), "migrate"],
            env=self.env,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise WorldError(f"the migration of the read tables failed:\n{done.stderr[-2000:]}")

    def _nats(self) -> NatsServer:
        port = self.plan.nats_port
        return NatsServer(self.plan.folder, port if port and is_free(port) else 0)

    def _start_servers(self) -> None:
        if self.nats:
            self.nats.start()
        if self.postgres:
            self.postgres.start()
        given = {name: value for name, value in self.plan.settings.items() if value}
        made_up = {
            "NATS_URL": self.nats.url if self.nats else "",
            "DATABASE_URL": self.postgres.url if self.postgres else "",
            "MESH_PUBLIC_URL": f"http://localhost:{self.http_port}",
            "MESH_HOST": "127.0.0.1",
            "MESH_PARTICIPANT_KEY": "",
        }
        inherited = {k: v for k, v in os.environ.items() if not is_setting(k)}
        self.env = {**inherited, **made_up, **given}
        if not self.env["MESH_PARTICIPANT_KEY"]:
            self.env["MESH_PARTICIPANT_KEY"] = self._participant_key()

    def _participant_key(self) -> str:
        """A key of this world's own, made once and kept: ids must stay the same over restarts."""
        file = self.plan.folder / "participant.key"
        if not file.exists():
            file.touch(mode=0o600)
            file.write_text(secrets.token_hex(32))
        return file.read_text()

    def _start_simulated(self) -> None:
        if self.plan.simulates_twilio:
            self.env |= _SIMULATED_TWILIO
            options = {
                "--public-url": self.env["MESH_PUBLIC_URL"],
                "--deliver-to": self.api,
                "--seed": str(self.plan.seed),
                "--speed": str(self.plan.speed),
            }
            self.whatsapp, url = self._simulate("whatsapp", options)
            self.env["MESH_TWILIO_URL"] = url
        if self.plan.simulates_model:
            self.env |= _SIMULATED_MODEL
            options = {
                "--latency": str(self.plan.model_latency),
                "--seed": str(self.plan.seed),
            }
            self.model, url = self._simulate("model", options)
            self.env["MESH_GEMINI_URL"] = url
            if provider_of(self.env.get("MESH_MODEL", "")):
                self.env["MESH_MODEL_URL"] = f"{url}/v1"

    def _simulate(self, name: str, options: Mapping[str, str]) -> tuple[Child, str]:
        port = free_port()
        words = [word for option in options.items() for word in option]
        command = [sys.executable, "-m", f"meshsim.{name}", "--port", str(port), *words]
        child = Child(f"simulated-{name}", command, self.env, self.plan.folder / "logs")
        child.start()
        url = f"http://127.0.0.1:{port}"
        wait_until(
            lambda: answers(f"{url}/livez") or not child.alive, _READY, f"{name} did not start"
        )
        self.raise_if_dead(child)
        return child, url


@contextmanager
def running(plan: Plan) -> Iterator[World]:
    """A world that runs as long as the context lasts."""
    world = World(plan)
    world.start()
    try:
        yield world
    finally:
        world.stop()
