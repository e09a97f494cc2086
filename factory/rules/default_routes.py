"""The routing table that the cockpit brings along, in the shape of a routing file. Data: an own file replaces it.

A word that ends in `*` stands for every ending, so that inflected Bosnian, Croatian and Serbian words are found.
"""

from collections.abc import Mapping
from typing import Any

DEFAULT_ROUTES: Mapping[str, Any] = {
    "minimum": 1,
    "rows": (
        {
            "domain": "backend",
            "builder": "CodeCraft",
            "verifier": "Proveo",
            "words": {
                "api": 3, "endpoint*": 3, "backend": 4, "server": 2, "database": 3, "sql": 3, "query": 2,
                "queries": 2, "schema": 2, "migration*": 2, "auth": 3, "authentication": 3, "payment*": 3,
                "invoice*": 2, "parser": 2, "function*": 2, "bug*": 1, "fix": 1, "refactor*": 2, "test": 1,
                "tests": 1, "library": 2, "cli": 2, "cache": 2, "queue": 2, "import": 1, "export": 1, "csv": 1,
                "json": 1, "rounding": 2, "valueerror": 2, "exception*": 2, "popravi": 1, "gresk*": 2, "baz*": 3,
                "podat*": 1, "placanj*": 3, "racun*": 1, "upit*": 2, "funkcij*": 2, "servis*": 2, "sigurnost*": 2,
                "prijav*": 1, "lozink*": 2, "testov*": 1,
                # Verbs of any change to code: one point, so that whatever names its subject wins.
                "add": 1, "allow": 1, "change*": 1, "code": 1, "correct": 1, "handle": 1, "implement*": 1, "improve": 1,
                "make": 1, "refuse": 1, "remove": 1, "rename": 1, "replace": 1, "return": 1, "support": 1, "update": 1,
                "write": 1, "dodaj": 1, "ispravi": 1, "promijeni": 1, "promeni": 1, "ukloni": 1,
            },
            "phrases": {"()": 2, "rest api": 2, "must add up": 1, "baza podataka": 2, "bazu podataka": 2},
            "paths": {"*.py": 1, "*.go": 1, "*.rs": 1, "*.java": 1, "*.sql": 3, "*/api/*": 3, "*migrations/*": 3},
        },
        {
            "domain": "frontend",
            "builder": "Vizu",
            "verifier": "Securion",
            "words": {
                "frontend": 4, "ui": 3, "css": 3, "html": 2, "button*": 3, "page": 1, "screen*": 2, "layout": 3,
                "form": 2, "component*": 2, "react": 3, "vue": 3, "svelte": 3, "tailwind": 3, "design": 2,
                "responsive": 3, "accessibility": 3, "dark": 1, "theme*": 2, "mobile": 2, "menu": 2, "icon*": 2,
                "dizajn*": 3, "stranic*": 2, "mobiln*": 2, "dugme*": 3, "dugmad*": 3, "gumb*": 3, "obraz*": 2,
                "ekran*": 2, "izbornik*": 2, "boj*": 1, "izgled*": 2, "aplikacij*": 1,
            },
            "phrases": {"dark mode": 3, "landing page": 3, "user interface": 3, "korisnicko sucelje": 3},
            "paths": {"*.css": 3, "*.scss": 3, "*.tsx": 3, "*.jsx": 3, "*.vue": 3, "*.svelte": 3, "*.html": 2},
        },
        {
            "domain": "product",
            "builder": "FlowForge",
            "verifier": "Lexicon",
            "words": {
                "product": 3, "demo": 3, "prototype": 3, "mvp": 3, "roadmap": 3, "pitch": 3, "onboarding": 2,
                "story": 1, "stories": 1, "documentation": 2, "docs": 2, "readme": 2, "guide": 2, "tutorial": 2,
                "presentation": 2, "companion": 1, "feature": 1, "launch": 1, "napravi": 1, "izradi": 1,
                "proizvod*": 3, "prototip*": 3, "prezentacij*": 3, "dokumentacij*": 2, "uputstv*": 2, "uput*": 2,
                "predstav*": 2,
            },
            "phrases": {"product demo": 4, "user story": 3, "release notes": 3, "demo proizvoda": 4},
            "paths": {"*.md": 1, "docs/*": 2, "*.rst": 1},
        },
        {
            "domain": "infra",
            "builder": "AgentForge",
            "verifier": "Skillforge",
            "words": {
                "infra": 4, "infrastructure": 4, "deploy*": 3, "docker*": 3, "kubernetes": 4, "k8s": 4, "helm": 3,
                "terraform": 4, "ansible": 3, "ci": 3, "cd": 1, "pipeline*": 2, "workflow*": 1, "monitoring": 3,
                "alert*": 2, "backup*": 3, "nginx": 3, "tls": 2, "certificate*": 2, "cluster*": 3, "production": 2,
                "server": 1, "makefile": 2, "build": 1, "infrastruktur*": 4, "produkcij*": 2, "nadzor*": 3,
                "isporuk*": 2, "postav*": 1, "skaliranj*": 2,
            },
            "phrases": {"github actions": 4, "load balancer": 3, "continuous integration": 4, "sigurnosna kopija": 3},
            "paths": {"*.tf": 4, "*dockerfile": 4, ".github/*": 4, "*.y*ml": 1, "*helm/*": 3, "*makefile": 2},
        },
    ),
}  # fmt: skip
