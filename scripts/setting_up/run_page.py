"""The last page: it ends the set-up and starts serving the box at the same address."""

from flask import Flask, redirect, request

from setting_up.context import Answer, SetUp

#: For this machine alone, or for every phone on its network.
HOSTS = {"may-nay": "127.0.0.1", "mang": "0.0.0.0"}  # noqa: S104 - what somebody ticked


def add_running(app: Flask, up: SetUp) -> None:
    """Add the page."""

    @app.route("/chay", methods=["GET", "POST"])
    def run() -> Answer:
        files = up.place.files()
        if request.method != "POST" or not files:
            return up.page("run", "chay", files=files, is_begun=False)
        host = HOSTS.get(request.form.get("ai", ""))
        if host is None:
            return redirect("/chay", 303)
        page = up.page("run", "chay", files=files, is_begun=True)
        up.wish.make(host)
        return page
