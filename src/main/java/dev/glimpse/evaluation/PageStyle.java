package dev.glimpse.evaluation;

/** Holds the style of the page, for light and dark, and for narrow screens. */
final class PageStyle {

  static final String CSS =
      """
      :root { color-scheme: light dark; --bg: #f6f7f9; --card: #fff; --ink: #1b2430; --soft: #5b6675;
        --line: #dfe3e8; --blue: #2563c9; --red: #c8402f; --green: #22805a; --amber: #a86a00; }
      @media (prefers-color-scheme: dark) { :root { --bg: #12161c; --card: #1b212a; --ink: #e7ebf0;
        --soft: #9aa6b5; --line: #303944; --blue: #74a7ff; --red: #ff8370; --green: #5cc99a; --amber: #e5ac4e; } }
      * { box-sizing: border-box; }
      body { margin: 0; background: var(--bg); color: var(--ink);
        font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
      main { max-width: 1080px; margin: 0 auto; padding: 32px 16px 64px; }
      header p { margin: 0; color: var(--soft); overflow-wrap: anywhere; }
      .kicker { font-size: 13px; letter-spacing: .08em; text-transform: uppercase; }
      h1 { margin: 0 0 4px; font-size: 32px; line-height: 1.2; overflow-wrap: anywhere; }
      h2 { margin: 0 0 12px; font-size: 18px; line-height: 1.3; overflow-wrap: anywhere; }
      section { margin-top: 20px; padding: 20px; background: var(--card); border: 1px solid var(--line); border-radius: 10px; }
      .tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(156px, 1fr)); gap: 12px; padding: 0; background: none; border: 0; }
      .tile { padding: 14px 16px; background: var(--card); border: 1px solid var(--line); border-radius: 10px; }
      .tile span, .tile small { display: block; font-size: 13px; color: var(--soft); }
      .tile strong { display: block; font-size: 24px; white-space: nowrap; line-height: 1.25; font-variant-numeric: tabular-nums; }
      .pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 400px), 1fr)); gap: 20px; margin-top: 20px; }
      .pair section { margin: 0; }
      .verdict { border-left: 5px solid var(--amber); }
      .verdict.good { border-left-color: var(--green); }
      .verdict.bad { border-left-color: var(--red); }
      .verdict p { margin: 0 0 12px; }
      .note { margin: 12px 0 0; font-size: 14px; color: var(--soft); }
      .scroll { overflow-x: auto; }
      table { border-collapse: collapse; width: 100%; font-size: 15px; font-variant-numeric: tabular-nums; }
      th, td { padding: 6px 10px; border-bottom: 1px solid var(--line); text-align: right; white-space: nowrap; }
      th { font-weight: 600; text-align: left; }
      th.n { text-align: right; }
      thead th { color: var(--soft); font-size: 13px; }
      td.t { text-align: left; white-space: normal; overflow-wrap: anywhere; }
      tbody tr:last-child > * { border-bottom: 0; }
      tfoot > tr:first-child > * { border-top: 2px solid var(--line); }
      tfoot tr:last-child > * { border-bottom: 0; }
      .bar { width: 28%; min-width: 90px; }
      .bar i { display: block; height: 9px; border-radius: 5px; background: var(--blue); }
      .gallery { display: grid; grid-template-columns: repeat(auto-fill, minmax(140px, 1fr)); gap: 16px; }
      figure { min-width: 0; }
      figure { margin: 0; font-size: 14px; line-height: 1.35; overflow-wrap: anywhere; }
      figure img, .none { display: block; width: 100%; aspect-ratio: 1; object-fit: cover; border-radius: 8px;
        background: var(--line); margin-bottom: 6px; }
      .none { display: grid; place-items: center; color: var(--soft); }
      small { color: var(--soft); }
      .file { display: block; margin-top: 2px; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
      span.wrong { color: var(--red); }
      svg { display: block; width: 100%; max-width: 430px; height: auto; margin: 0 auto; font-family: inherit; }
      .tick { fill: var(--soft); font-size: 12px; }
      .end { text-anchor: end; } .mid { text-anchor: middle; }
      .grid { stroke: var(--line); }
      .ideal { stroke: var(--soft); stroke-dasharray: 5 4; }
      .curve { fill: none; stroke: var(--blue); stroke-width: 2; stroke-linejoin: round; }
      .point { fill: var(--blue); stroke: var(--card); stroke-width: 1.5; }
      .over { fill: var(--red); opacity: .28; } .under { fill: var(--green); opacity: .28; }
      .count { fill: var(--soft); opacity: .45; }
      .matrix { fill: none; stroke: var(--line); }
      rect.right { fill: var(--blue); } rect.wrong { fill: var(--red); }
      .cell { font-size: 13px; text-anchor: middle; fill: var(--ink); } .cell.on { fill: var(--card); font-weight: 600; }
      @media (max-width: 480px) { main { padding-top: 20px; } section { padding: 16px; } h1 { font-size: 26px; }
        .tiles { grid-template-columns: 1fr 1fr; } .gallery { grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 12px; }
        table { font-size: 13px; } th, td { padding: 6px 5px; } tbody th { white-space: normal; } .bar { min-width: 48px; width: 16%; } }
      @media print { body { background: #fff; } section, .tile { break-inside: avoid; } }\
      """;

  private PageStyle() {}
}
