"""Unusual operations: back to the previous revisions, drift, and Terraform itself."""

from deploying.session import Session
from deploying.steps import ask
from deploying.verify import verify

#: What differs from what is wanted: the exit status of Terraform for it, too.
DRIFT = 2
_WORDS = (
    "scripts/deploy --project ID -- terraform state list|show|rm, import, force-unlock, output, plan …\n"
    "apply, destroy: scripts/deploy tự làm và giữ dữ liệu / does these itself and keeps the data"
)
#: What must not go past the look at what a plan deletes, or is done already.
_OURS = ("apply", "destroy", "init")


def shift_back(session: Session) -> int:
    """Back to the previous revisions, at once; Terraform's state stays as it is."""
    session.connect()
    outputs = session.outputs()
    with session.steps.step("Quay lui / back to the revisions before"):
        if not session.options.is_sure and not ask("Đưa các hàm về bản trước / shift all functions back?"):
            return 0
        digest = session.traffic(outputs).to_previous()
        session.hosting(outputs).release_again()
        session.steps.tell(f"✓ đang chạy bản / serving {digest}")
    verify(session, outputs, session.variables(session.work)["secret_versions"]["secret"])
    print(
        f"\nĐang chạy bản {digest}. Lần triển khai thường kế tiếp đưa bản mới nhất trở lại: sửa mã "
        "nguồn trước."
        "\nThe next ordinary deploy brings the newest back: mend the source first."
    )
    return 0


def show_drift(session: Session) -> int:
    """Whether Google has what the configuration says, with the source that is deployed."""
    terraform = session.connect()
    with session.steps.step("So với Google / compare with Google"):
        variables = session.variables(session.deployed_archive())
        changed = terraform.plan(variables, lose=None, lock=False).changed()
        for address in changed:
            session.steps.tell(f"≠ {address}")
    if not changed:
        print("\nKhông lệch / no drift.")
        return 0
    print(
        f"\nLệch {len(changed)} chỗ: ai đó đã đổi tay, hoặc infra/ hay bí mật đổi mà chưa triển khai. "
        "Chưa có gì bị đổi."
        "\nDrift: changed by hand, or changed here and not deployed yet. Nothing was changed."
    )
    return DRIFT


def hand_over(session: Session) -> int:
    """Terraform itself, with the state, the login and the variables; its exit status."""
    program, *words = session.options.terraform
    if program != "terraform" or not words or words[0] in _OURS:
        raise SystemExit(_WORDS)
    terraform = session.connect()
    with session.steps.step("Mã nguồn đang chạy / the source that is deployed"):
        variables = session.variables(session.deployed_archive())
    return terraform.run(words, variables)
