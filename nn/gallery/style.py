"""How pages look."""

STYLE = """body{font:15px/1.5 system-ui,sans-serif;max-width:1150px;margin:2em auto;padding:0 1em}
img{max-width:100%}table{border-collapse:collapse}td,th{padding:.15em .8em;text-align:right}
th{border-bottom:1px solid #888}pre{background:#8881;padding:1em;overflow:auto}"""
