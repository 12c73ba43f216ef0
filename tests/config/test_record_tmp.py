import pytest
from django.test import Client
from tests.config.permission_world import PERSONAS, make_world
from tests.config.test_permissions import addresses, methods_of, ask, PARAMETERS
from django.db import transaction
CLUSTER=("organisations:members","organisations:cluster","organisations:sector")
def test_record(db):
    world=make_world()
    out=[];seen=set()
    for name, view, params in addresses():
        if name.startswith("admin:") and (params or name.split("_")[-1] in("add","changelist","import","export")): continue
        if name in seen: continue
        seen.add(name)
        methods=methods_of(view) or {"GET","POST"}
        if "slug" in params and (name.startswith(("organisations:","api-")) and not name.startswith(("api-region","api-init","api-part"))):
            whose=["cluster"] if name.startswith(CLUSTER) else (["unclaimed"] if name=="organisations:claim" else ["verified"])
            if "pk" not in params and name not in("organisations:claim","organisations:logo") and not name.startswith(CLUSTER): whose.append("pending")
        elif name.startswith("moderation:") and "slug" in params: whose=["pending"]
        else: whose=["–"]
        for m in sorted(methods):
            for w in whose:
                cells=[]
                for p in PERSONAS:
                    c=Client(raise_request_exception=True)
                    if world.users.get(p): c.force_login(world.users[p])
                    try:
                        with transaction.atomic():
                            try: r=ask(c,name,m,w,world)
                            except AssertionError as e: r="405" if "understood" in str(e) else "ERR "+str(e)[:60]
                            except Exception as e: r="EXC "+type(e).__name__+str(e)[:80]
                            cells.append(r)
                            transaction.set_rollback(True)
                    except Exception as e: cells.append("TX "+str(e)[:50])
                if all(c=="405" for c in cells): continue
                out.append(f"| `{name}` | {m} | {w} | "+" | ".join(cells)+" |")
    open("/tmp/perm.md","w").write("\n".join(out))
