using Npgsql;
using Orders.Api.Outbox;
using Orders.Tests.Support;

namespace Orders.Tests.Outbox;

/// <summary>PostgreSQL raises no error when the publication is missing or leaves events out: the relay looks for itself.</summary>
public sealed class LostPublications(OrdersApplication app) : ApplicationTests
{
    public static TheoryData<string, string> Losses => new()
    {
        { "missing", "drop publication orders_outbox" },
        { "updates only", "alter publication orders_outbox set (publish = 'update')" },
        { "partitions by their own names", "alter publication orders_outbox set (publish_via_partition_root = false)" },
        { "another table", "alter publication orders_outbox set table order_changes" },
        { "some rows", "alter publication orders_outbox set table outbox where (version > 1)" },
        { "some columns", "alter publication orders_outbox set table outbox (order_id, version)" },
    };

    [Theory]
    [MemberData(nameof(Losses))]
    public async Task A_publication_that_leaves_something_out_is_made_again_and_the_table_is_to_be_sent(string what, string damage)
    {
        await using var database = await EmptyDatabase.CreateAsync(app);
        var publication = new OutboxPublication(database.Connection);
        await SentAsync(database);
        Assert.False(await publication.MendAsync(CancellationToken.None), what);
        Assert.False(await IsToBeSentAsync(database));
        await ExecuteAsync(database, damage);
        Assert.False(await database.Source.ScalarAsync<bool>($"select {OutboxPublication.IsWhole}"));

        Assert.True(await publication.MendAsync(CancellationToken.None), what);

        Assert.True(await database.Source.ScalarAsync<bool>($"select {OutboxPublication.IsWhole}"));
        Assert.True(await IsToBeSentAsync(database));
        Assert.False(await publication.MendAsync(CancellationToken.None));
    }

    [Fact]
    public async Task It_is_made_when_no_writer_is_half_way_whose_event_would_be_in_neither()
    {
        await using var database = await EmptyDatabase.CreateAsync(app);
        await ExecuteAsync(database, "drop publication orders_outbox");
        await using var writer = await database.Source.OpenConnectionAsync();
        await using var transaction = await writer.BeginTransactionAsync();
        await new NpgsqlCommand("insert into outbox (order_id, version, type, payload) values ('ord-a', 1, 'x', '{}')", writer)
            .ExecuteNonQueryAsync();
        var mending = new OutboxPublication(database.Connection).MendAsync(CancellationToken.None);
        await Eventually.Is(
            () => database.Source.ScalarAsync<bool>(
                "select exists (select from pg_locks where relation = 'outbox'::regclass and not granted)"), "it waits for the writer");

        Assert.False(mending.IsCompleted);
        await transaction.CommitAsync();
        Assert.True(await mending);
    }

    [StormFact]
    public async Task What_is_placed_while_it_is_missing_is_found_all_the_same()
    {
        var shop = await Shop.OpenAsync(app);
        var product = await shop.AddProductAsync();
        await app.ExecuteAsync("drop publication orders_outbox");
        var order = await shop.PlaceAsync((product, 1));

        await shop.FoundAsync(order);

        Assert.Equal([1], (await app.DeliveredVersionsAsync(order.Id)).Distinct());
        Assert.True(await app.Database.ScalarAsync<bool>($"select {OutboxPublication.IsWhole}"));
        var behind = await shop.PlaceAsync((product, 2));
        await shop.FoundAsync(behind);
        await Eventually.Is(
            () => app.Database.ScalarAsync<bool>("select not replay_needed from outbox_relay"), "the table was sent");
    }

    private static Task SentAsync(EmptyDatabase database) => ExecuteAsync(database, "update outbox_relay set replay_needed = false");

    private static Task<bool> IsToBeSentAsync(EmptyDatabase database) =>
        database.Source.ScalarAsync<bool>("select replay_needed from outbox_relay");

    private static async Task ExecuteAsync(EmptyDatabase database, string sql)
    {
        await using var command = database.Source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
