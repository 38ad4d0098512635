import pytest
from tests.security.test_endpoints_by_actor import *
@pytest.mark.django_db
def test_tmp(world):
    out=[]
    for p in pages():
        if not p.route.startswith("staff/"): continue
        for m in ("GET","POST"):
            row=[]
            for a in ACTORS:
                with undone():
                    row.append(status(ask(world.people[a], m, p, world)))
            out.append(f"{m:7} {p.route:49} "+" ".join(f"{x:14}" for x in row).rstrip())
    open("/tmp/staff/rows","w").write("\n".join(out))
