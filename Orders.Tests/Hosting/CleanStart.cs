using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orders.Indexer.Jobs;
using Orders.Indexer.Projections;
using Orders.Indexer.Searching;
using Orders.Tests.Support;

namespace Orders.Tests.Hosting;

/// <summary>The first start on empty servers: who starts the application for the first time must not wonder what is wrong.</summary>
public sealed partial class CleanStart(OrdersApplication app) : ApplicationTests
{
    [Fact]
    public void Services_that_start_on_empty_servers_log_no_warning_and_no_error()
    {
        Assert.All((string[])["api", "indexer", "simulator"], name =>
            Assert.Contains(app.StartLog, line => line.StartsWith(name + ": ", StringComparison.Ordinal)));

        // Or what follows could not fail: this is how an entry begins.
        Assert.Contains(app.StartLog, line => Entry().IsMatch(line));
        Assert.Empty(app.StartLog.Where(line => Trouble().IsMatch(line)));
    }

    [Fact]
    public async Task Old_orders_are_looked_for_before_there_is_an_index_to_look_in()
    {
        var options = Options.Create(new SearchOptions());
        var missing = new SearchIndex(
            app.Search, options, TimeProvider.System, NullLogger<SearchIndex>.Instance, "orders-" + Guid.NewGuid().ToString("N"));
        var window = new SearchWindow(missing, app.Search, new HotWindow(options, TimeProvider.System), options);
        var job = new JobContext(new ClaimedJob("job-1", window.Kind, "{}", null, 1, "test", false), null!);

        await window.RunAsync(job, CancellationToken.None);

        Assert.Contains("\"removed\":0", job.Result, StringComparison.Ordinal);

        // And in one that has no settings yet.
        await app.Search.WaitForTaskAsync((await app.Search.CreateIndexAsync(missing.Uid, "id")).TaskUid, timeoutMs: 30_000);
        await window.RunAsync(job, CancellationToken.None);
        Assert.Contains("\"removed\":0", job.Result, StringComparison.Ordinal);
        await app.Search.DeleteIndexAsync(missing.Uid);
    }

    /// <summary>An entry as the console formatter begins it, behind the resource's name and the instant.</summary>
    [GeneratedRegex(@"^[a-z]+: [0-9-]+T[0-9:.]+Z info: ", RegexOptions.None, 1000)]
    private static partial Regex Entry();

    /// <summary>An entry of another level, or an exception that was written unformatted.</summary>
    [GeneratedRegex(
        @"^[a-z]+: [0-9-]+T[0-9:.]+Z (?:warn|fail|crit): |Exception: |Unhandled exception", RegexOptions.None, 1000)]
    private static partial Regex Trouble();
}
