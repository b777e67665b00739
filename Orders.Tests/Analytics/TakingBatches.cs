using Orders.Contracts;
using Orders.Indexer.Streams;
using Orders.Tests.Support;
using Sample = Orders.Tests.Projections.Sample;

namespace Orders.Tests.Analytics;

/// <summary>The projection itself on a real database, with streams such as no broker should deliver.</summary>
public sealed class TakingBatches(OrdersApplication app) : ApplicationTests
{
    private const int Partitions = 3;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Whatever_the_order_and_however_often_it_comes_the_rollups_equal_a_recount(int run)
    {
        var seed = Random.Shared.Next() ^ run;
        var lives = new RandomOrders(new Random(seed));
        await using var database = await AnalyticsDatabase.CreateAsync(app);
        try
        {
            var projection = database.Own(0, 1, 2);
            foreach (var batch in lives.Stream(Partitions)) await projection.ApplyAsync(batch, CancellationToken.None);

            await Recount.EqualsFactsAsync(database.Data);
            var facts = await database.Data.ListAsync<string>(
                "select order_id || '.' || version || ' ' || status || ' ' || total || ' ' || refunded || ' ' || items || ' ' || segment "
                + "from analytics.order_facts order by order_id");
            Assert.Equal(lives.Newest(), facts);
        }
        catch (Exception error)
        {
            throw new InvalidOperationException($"seed {seed}", error);
        }
    }

    [Fact]
    public async Task A_batch_whose_answer_was_lost_is_not_counted_again()
    {
        await using var database = await AnalyticsDatabase.CreateAsync(app);
        var batch = Batch(Sample.Taken("ord-1", 1, 0, 0), Sample.Taken("ord-2", 1, 0, 1));
        await database.Own(0).ApplyAsync(batch, CancellationToken.None);
        // A consumer that does not know: it believes that the partition begins at 0.
        var unknowing = database.Own();

        await unknowing.ApplyAsync(batch, CancellationToken.None);
        await unknowing.ApplyAsync(Batch(Sample.Taken("ord-2", 2, 0, 2), Sample.Taken("ord-1", 1, 0, 3)), CancellationToken.None);

        Assert.Equal(4, await database.NextAsync(0));
        Assert.Equal(2, await database.Data.ScalarAsync<long>(
            "select orders from analytics.rollups where dimension = 'channel' and grain = 'month'"));
        await Recount.EqualsFactsAsync(database.Data);
    }

    [Fact]
    public async Task A_consumer_that_lost_its_partitions_and_does_not_know_writes_nothing()
    {
        await using var database = await AnalyticsDatabase.CreateAsync(app);
        var frozen = database.Own(0, 1);
        await frozen.ApplyAsync(Batch(Sample.Taken("ord-1", 1, 0, 0)), CancellationToken.None);
        await database.Own(0, 1).ApplyAsync(
            Batch(Sample.Taken("ord-1", 2, 0, 1), Sample.Taken("ord-2", 1, 0, 2)), CancellationToken.None);

        await Assert.ThrowsAsync<PositionMovedException>(() => frozen.ApplyAsync(
            Batch(Sample.Taken("ord-1", 3, 0, 1), Sample.Taken("ord-9", 1, 1, 0)), CancellationToken.None));

        Assert.Equal(["ord-1.2", "ord-2.1"], await database.Data.ListAsync<string>(
            "select order_id || '.' || version from analytics.order_facts order by 1"));
        Assert.Equal(3, await database.NextAsync(0));
        Assert.Equal(0, await database.NextAsync(1));
        // Begun anew, it goes on where the table is.
        Assert.Equal(3, frozen.Positions([0, 1])[0]);
        await frozen.ApplyAsync(Batch(Sample.Taken("ord-1", 3, 0, 3)), CancellationToken.None);
        Assert.Equal(4, await database.NextAsync(0));
    }

    [Fact]
    public async Task An_order_that_cannot_be_stored_is_put_aside_and_the_rest_is_counted()
    {
        await using var database = await AnalyticsDatabase.CreateAsync(app);
        var line = Sample.Order().Items[0];
        var twice = Sample.Event("ord-1") with { Data = Sample.Order("ord-1") with { Items = [line, line] } };
        var huge = Sample.Event("ord-2") with { Data = Sample.Order("ord-2") with { Total = decimal.MaxValue, Channel = "x\u0001" } };
        var nul = Sample.Event("ord-3") with { Data = Sample.Order("ord-3") with { Channel = "w\0b" } };

        var outcome = await database.Own(0).ApplyAsync(
            Batch(Decoded(twice, 0), Decoded(huge, 1), Decoded(nul, 2), Sample.Taken("ord-4", 1, 0, 3)), CancellationToken.None);

        Assert.Equal([0L, 2L], outcome.Rejected.Select(rejected => rejected.Raw.Offset).Order());
        Assert.Equal(["ord-2", "ord-4"], await database.Data.ListAsync<string>("select order_id from analytics.order_facts order by 1"));
        Assert.Equal(4, await database.NextAsync(0));
        await Recount.EqualsFactsAsync(database.Data);
    }

    [Fact]
    public async Task An_event_that_mends_a_copy_is_written_although_its_version_is_known()
    {
        await using var database = await AnalyticsDatabase.CreateAsync(app);
        var projection = database.Own(0);
        await projection.ApplyAsync(Batch(Sample.Taken("ord-1", 1, 0, 0)), CancellationToken.None);
        var mended = Sample.Event("ord-1") with { Rebuild = true, Data = Sample.Order("ord-1") with { Channel = "app" } };

        await projection.ApplyAsync(Batch(Sample.Taken("ord-1", 1, 0, 1)), CancellationToken.None);
        await projection.ApplyAsync(Batch(Decoded(mended, 2)), CancellationToken.None);

        Assert.Equal("app", await database.Data.ScalarAsync<string>("select channel from analytics.order_facts"));
        await Recount.EqualsFactsAsync(database.Data);
    }

    private static StreamEvent Decoded(OrderEvent order, long offset) =>
        EventDecoder.Decode(Sample.Raw(order, 0, offset), Sample.Noon, out var rejection)
        ?? throw new InvalidOperationException(rejection!.Detail);

    private static EventBatch Batch(params StreamEvent[] events)
    {
        var batch = new EventBatch(1000, 1 << 20);
        foreach (var taken in events) batch.Add(taken);
        return batch;
    }
}
