/** The page's own style: nothing is fetched. Colours hold 4.5:1 against their grounds in both schemes. */
export const PAGE_STYLE = `
:root{color-scheme:light dark;--ground:#fff;--raised:#f5f6f8;--text:#1b1f26;--quiet:#565e6b;--faint:#d5d9e0;--link:#0b57a8;
--risk-none:#aab2be;--risk-low:#5b8fc9;--risk-medium:#d99a1c;--risk-high:#d9541e;--risk-critical:#a3123a}
@media (prefers-color-scheme:dark){:root{--ground:#14171c;--raised:#1d2229;--text:#e7eaef;--quiet:#a4adba;--faint:#3a424e;--link:#8cc0ff;
--risk-none:#6b7482;--risk-low:#5f97d4;--risk-medium:#d9a02c;--risk-high:#ee6a35;--risk-critical:#e8486f}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--text);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
header,main,footer{max-width:1180px;margin:0 auto;padding:0 24px}
header{padding-top:28px}
h1{font-size:26px;line-height:1.2;margin:0 0 4px}
h2{font-size:19px;margin:40px 0 10px;scroll-margin-top:12px}
p{margin:6px 0 12px;max-width:78ch}
.quiet,.small,figcaption,footer{color:var(--quiet)}
.small,figcaption{font-size:13px}
a{color:var(--link)}
a:focus-visible,summary:focus-visible,.scroll:focus-visible{outline:3px solid var(--link);outline-offset:2px}
.skip{position:absolute;left:-999px}
.skip:focus{left:24px;top:8px;background:var(--ground);padding:6px 10px}
nav ul{display:flex;flex-wrap:wrap;gap:4px 18px;list-style:none;margin:18px 0 0;padding:10px 0;border-block:1px solid var(--faint)}
.numbers{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:12px;list-style:none;margin:20px 0 0;padding:0}
.numbers li{background:var(--raised);border-radius:8px;padding:12px 14px;color:var(--quiet);font-size:14px}
.numbers strong{display:block;color:var(--text);font-size:26px;line-height:1.2;font-variant-numeric:tabular-nums}
figure{margin:0}
.scroll{overflow-x:auto}
.chart svg{display:block;width:100%;min-width:720px;height:auto;font-family:inherit}
table{border-collapse:collapse;width:100%;font-size:14px}
th,td{padding:7px 12px 7px 0;text-align:left;vertical-align:top;border-bottom:1px solid var(--faint)}
thead th{color:var(--quiet);font-weight:600;white-space:nowrap}
tbody th{font-weight:600}
td ul{margin:0;padding-left:18px}
.count{text-align:right;font-variant-numeric:tabular-nums;padding-right:20px}
.time{white-space:nowrap;font-variant-numeric:tabular-nums}
.name{display:inline-block;min-width:17ch;overflow-wrap:anywhere}
.where{min-width:19ch}
.why{min-width:30ch}
code{overflow-wrap:anywhere}
code{font-size:12px}
.badge{display:inline-block;white-space:nowrap;border-radius:4px;padding:1px 8px;border:1px solid;border-left-width:6px;font-size:13px}
.badge.none{border-color:var(--risk-none)}.badge.low{border-color:var(--risk-low)}.badge.medium{border-color:var(--risk-medium)}
.badge.high{border-color:var(--risk-high)}.badge.critical{border-color:var(--risk-critical);font-weight:600}
.fact{display:inline-block;background:var(--raised);border-radius:4px;padding:0 7px;font-size:13px}
.nothing{color:var(--quiet)}
details{margin:10px 0}
summary{cursor:pointer;color:var(--link)}
footer{margin-top:48px;padding-bottom:40px;font-size:13px}
@media (max-width:640px){header,main,footer{padding-inline:14px}h1{font-size:22px}}
@media print{:root{color-scheme:light;--ground:#fff;--raised:#fff;--text:#000;--quiet:#444;--faint:#bbb;--link:#000;
--risk-none:#aab2be;--risk-low:#5b8fc9;--risk-medium:#d99a1c;--risk-high:#d9541e;--risk-critical:#a3123a}
body{font-size:10.5pt}header,main,footer{max-width:none;padding:0}nav,.skip,details:not([open]){display:none}
.scroll{overflow:visible}.chart svg{min-width:0}h2{break-after:avoid}tr,figure,.numbers li{break-inside:avoid}thead{display:table-header-group}
table{font-size:8pt}th,td{padding:4px 6px 4px 0}.count{padding-right:6px}thead th,.time,.badge{white-space:normal}.badge,.fact,.small,code{font-size:7.5pt}
.name,.where,.why{min-width:0}td ul{padding-left:12px}*{print-color-adjust:exact}a{text-decoration:none}}
`;
