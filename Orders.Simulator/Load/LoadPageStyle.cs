namespace Orders.Simulator.Load;

/// <summary>The page's looks, light and dark. Percentiles are shades of one colour, since they are ordered; operations are not.</summary>
internal static class LoadPageStyle
{
    public const string Css = """
        :root { --page: #f6f6f3; --card: #fcfcfb; --ink: #14140f; --soft: #52514e; --grid: #e4e3dc; --axis: #b9b8ae; --shade: #eeede6;
          --place: #2a78d6; --read: #eb6834; --search: #1baf7a; --all: #5b5a55; --p50: #86b6ef; --p90: #2a78d6; --p99: #104281;
          --max: #a3a29a; --failed: #d03b3b; --held: #eda100; --good: #0a7d0a; --warn: #fdf0e3; }
        @media (prefers-color-scheme: dark) {
          :root { --page: #121211; --card: #1b1b1a; --ink: #f3f3ef; --soft: #b9b8b1; --grid: #2d2d2a; --axis: #56554f; --shade: #242422;
            --place: #4d95ea; --read: #e06a38; --search: #24a878; --all: #a9a8a1; --p50: #2a78d6; --p90: #7db2f0; --p99: #d6e7fc;
            --max: #75746d; --failed: #e25c5c; --held: #d29a17; --good: #4cc04c; --warn: #3a2a18; } }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; }
        main { max-width: 1060px; margin: 0 auto; padding: 28px 16px 48px; }
        h1 { font-size: 24px; margin: 0 0 4px; } h2 { font-size: 16px; margin: 0 0 8px; }
        .plan { color: var(--soft); margin: 0 0 16px; overflow-wrap: anywhere; }
        .warning { background: var(--warn); border-left: 4px solid var(--failed); padding: 8px 12px; border-radius: 4px; margin: 0 0 10px; }
        .tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 12px; margin: 16px 0; }
        .tiles div, section { background: var(--card); border: 1px solid var(--grid); border-radius: 8px; padding: 14px 16px; }
        .tiles span, .tiles small { display: block; color: var(--soft); font-size: 13px; }
        .tiles b { display: block; font-size: 26px; font-weight: 600; line-height: 1.25; }
        section { margin: 0 0 16px; } section p { margin: 0; }
        .good { color: var(--good); } .bad { color: var(--failed); font-weight: 600; }
        .legend { color: var(--soft); font-size: 13px; display: flex; flex-wrap: wrap; gap: 4px 16px; margin-bottom: 4px; }
        .legend i { display: inline-block; width: 14px; height: 4px; border-radius: 2px; margin-right: 6px; vertical-align: middle;
          background: var(--series); }
        .wide { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
        th, td { padding: 5px 10px; text-align: left; border-bottom: 1px solid var(--grid); white-space: nowrap; }
        th { color: var(--soft); font-weight: 500; font-size: 13px; } tr:last-child td { border-bottom: 0; }
        .numbers th:nth-child(n+2), .numbers td:nth-child(n+2) { text-align: right; }
        .errors td:last-child, .texts td:last-child { white-space: normal; overflow-wrap: anywhere; }
        .texts td:first-child { color: var(--soft); width: 140px; }
        .soft td { color: var(--soft); font-size: 13px; } .soft td:first-child { padding-left: 24px; }
        svg { display: block; width: 100%; height: auto; font: 12px system-ui, -apple-system, "Segoe UI", sans-serif; }
        .grid { stroke: var(--grid); } .axis { stroke: var(--axis); } .mark { stroke: var(--ink); stroke-dasharray: 2 3; }
        .tick { fill: var(--soft); } .strong { fill: var(--ink); font-weight: 600; }
        .end { text-anchor: end; } .middle { text-anchor: middle; }
        .shade { fill: var(--shade); } .hint { fill: transparent; } .hint:hover { fill: var(--axis); fill-opacity: .25; }
        .line { fill: none; stroke: var(--series); stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; }
        .bar, .dot { fill: var(--series); }
        .place { --series: var(--place); } .read { --series: var(--read); } .search { --series: var(--search); }
        .all { --series: var(--all); } .p50 { --series: var(--p50); } .p90 { --series: var(--p90); } .p99 { --series: var(--p99); }
        .max, .target { --series: var(--max); } .line.max, .line.target { stroke-dasharray: 5 5; stroke-width: 1.5; }
        .failed { --series: var(--failed); } .held { --series: var(--held); }
        """;
}
