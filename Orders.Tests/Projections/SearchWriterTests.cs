using Meilisearch;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orders.Indexer.Projections;
using Orders.Indexer.Searching;
using Orders.Indexer.Streams;
using Orders.ServiceDefaults.Freshness;

namespace Orders.Tests.Projections;

[Unit]
public sealed class SearchWriterTests
{
    private readonly FakeMeilisearch _server = new();
    private readonly SearchWriter _writer;

    public SearchWriterTests()
    {
        var http = new HttpClient(new MeilisearchMessageHandler(_server)) { BaseAddress = new Uri("http://search.test/") };
        var options = Options.Create(new SearchOptions());
        var index = new SearchIndex(new MeilisearchClient(http), options, TimeProvider.System, NullLogger<SearchIndex>.Instance);
        _writer = new SearchWriter(
            index, new HotWindow(options, TimeProvider.System), new FreshnessBoard(), TimeProvider.System, options);
    }

    [Fact]
    public async Task A_batch_becomes_documents()
    {
        var outcome = await ApplyAsync(Sample.Taken("a", 1), Sample.Taken("b", 3));

        Assert.Equal(new Dictionary<string, int> { ["a"] = 1, ["b"] = 3 }, _server.Versions);
        Assert.Equal((2, 0, 0), (outcome.Applied.Count, outcome.Older, outcome.Rejected.Count));
    }

    [Fact]
    public async Task What_the_index_already_has_is_not_written_again()
    {
        _server.Versions["a"] = 5;
        _server.Versions["b"] = 5;

        var outcome = await ApplyAsync(Sample.Taken("a", 4), Sample.Taken("b", 5), Sample.Taken("c", 1));

        Assert.Equal(new Dictionary<string, int> { ["a"] = 5, ["b"] = 5, ["c"] = 1 }, _server.Versions);
        Assert.Equal((1, 2), (outcome.Applied.Count, outcome.Older));
    }

    [Fact]
    public async Task Versions_are_asked_for_once_and_remembered_until_the_partition_leaves()
    {
        await ApplyAsync(Sample.Taken("a", 1));
        await ApplyAsync(Sample.Taken("a", 2));
        Assert.Equal(1, Fetches());
        Assert.Equal(1, (await ApplyAsync(Sample.Taken("a", 2))).Older);

        _writer.Forget([0]);
        _server.Versions["a"] = 7;
        await ApplyAsync(Sample.Taken("a", 6));

        Assert.Equal(2, Fetches());
        Assert.Equal(7, _server.Versions["a"]);
    }

    [Fact]
    public async Task After_an_assignment_the_queue_of_the_former_owner_is_waited_for_first()
    {
        await ApplyAsync(Sample.Taken("a", 1));

        Assert.Equal(
            ["DELETE /indexes/orders/documents/no-such-order", "GET /tasks/0", "POST /indexes/orders/documents/fetch",
                "POST /indexes/orders/documents"],
            _server.Requests.Take(4));
    }

    [Fact]
    public async Task One_bad_document_among_many_is_found_and_all_others_are_indexed()
    {
        _server.Fault = ids => ids.Contains("o-333") ? ("invalid_document_fields", "invalid_request") : null;
        var events = Enumerable.Range(0, 1000).Select(i => Sample.Taken($"o-{i}", 1, offset: i)).ToArray();

        var outcome = await ApplyAsync(events);

        Assert.Equal(999, _server.Versions.Count);
        Assert.DoesNotContain("o-333", _server.Versions.Keys);
        var rejected = Assert.Single(outcome.Rejected);
        Assert.Equal((333L, DeadLetterReasons.RejectedBySearch), (rejected.Raw.Offset, rejected.Reason));
        Assert.Equal(999, outcome.Applied.Count);
        Assert.InRange(_server.Requests.Count(request => request == "POST /indexes/orders/documents"), 3, 50);
    }

    [Fact]
    public async Task An_id_that_no_document_can_have_never_reaches_the_server()
    {
        var outcome = await ApplyAsync(Sample.Taken("not an id\"]", 1), Sample.Taken("a", 1));

        Assert.Equal(["a"], _server.Versions.Keys);
        Assert.Equal(DeadLetterReasons.RejectedBySearch, Assert.Single(outcome.Rejected).Reason);
    }

    [Theory]
    [InlineData("internal", "internal")]
    [InlineData("no_space_left_on_device", "system")]
    [InlineData("index_not_found", "invalid_request")]
    public async Task A_failure_of_the_server_rejects_nothing_and_is_tried_again(string code, string type)
    {
        _server.Fault = _ => (code, type);
        await Assert.ThrowsAsync<SearchTaskException>(() => ApplyAsync(Sample.Taken("a", 1)));

        _server.Fault = _ => null;
        var outcome = await ApplyAsync(Sample.Taken("a", 1));

        Assert.Single(outcome.Applied);
        Assert.Equal(1, _server.Versions["a"]);
    }

    [Fact]
    public async Task A_task_that_the_server_no_longer_knows_is_a_failure_not_a_success()
    {
        await ApplyAsync(Sample.Taken("a", 1));
        _server.ForgottenTasks = 1;

        await Assert.ThrowsAsync<MeilisearchApiError>(() => ApplyAsync(Sample.Taken("b", 1)));
    }

    private int Fetches() => _server.Requests.Count(request => request == "POST /indexes/orders/documents/fetch");

    private Task<BatchOutcome> ApplyAsync(params StreamEvent[] events)
    {
        var batch = new EventBatch(eventsMax: int.MaxValue, bytesMax: long.MaxValue);
        foreach (var taken in events) batch.Add(taken);
        return _writer.ApplyAsync(batch, CancellationToken.None);
    }
}
