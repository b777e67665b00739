using System.Net.Http.Json;
using System.Text.Json;
using Meilisearch;
using Meilisearch.QueryParameters;
using Orders.Contracts;
using Orders.Tests.Bulk;
using Orders.Tests.Support;

namespace Orders.Tests.Searching;

public sealed class OldOrders(OrdersApplication app) : ApplicationTests
{
    private static readonly TimeSpan Old = TimeSpan.FromDays(800);

    [StormFact]
    public async Task Old_orders_are_found_while_they_are_open_and_leave_the_index_when_they_are_closed()
    {
        var shop = await Shop.OpenAsync(app);
        var product = await shop.AddProductAsync();
        var open = await shop.PlaceAsync((product, 1));
        var closed = await shop.DeliveredAsync((product, 1));

        var coldId = Assert.Single(await Copies.MakeAsync(app, closed.Id, 1, Old));
        var openId = Assert.Single(await Copies.MakeAsync(app, open.Id, 1, Old));

        // The open one was sent after the closed one, but maybe in another partition.
        await FoundAsync(openId, true);
        await Eventually.Is(async () => await app.Database.ScalarAsync<long>(
            "select count(*) from order_changes where order_id = $1", coldId) == 1, "the closed one was published");
        await shop.FoundAsync(closed);
        Assert.False(await IsIndexedAsync(coldId));

        // One that grows old in the index, and one that is closed when it is old already.
        const string Newest = "select state from order_history where order_id = $1 order by version desc limit 1";
        var state = Shop.Read(Assert.Single(await app.Database.ListAsync<byte[]>(Newest, coldId)));
        var json = JsonSerializer.Serialize(OrderDocument.From(state), OrdersJson.Default.OrderDocument);
        var task = await app.Search.Index(WireNames.Indexes.Orders).AddDocumentsJsonAsync($"[{json}]", "id");
        await app.Search.WaitForTaskAsync(task.TaskUid, timeoutMs: 30_000);
        Assert.True(await IsIndexedAsync(coldId));
        await Shop.Ok(await app.Api.PostAsync($"/v1/orders/{openId}/cancel", null));
        await FoundAsync(openId, false);

        var result = await app.RunAsync("/v1/admin/search/window");

        Assert.Equal(1, result.GetProperty("removed").GetInt64());
        Assert.False(await IsIndexedAsync(coldId));
        Assert.True(await IsIndexedAsync(open.Id) && await IsIndexedAsync(closed.Id));
        Assert.Equal("delivered", (await app.Api.GetStringAsync($"/v1/orders/{coldId}") is var text ? Shop.Read(
            System.Text.Encoding.UTF8.GetBytes(text)) : null)!.Status.ToWire());
    }

    [Fact]
    public async Task An_old_closed_order_is_rightly_not_indexed_and_there_is_nothing_to_heal()
    {
        var shop = await Shop.OpenAsync(app);
        var line = ImportingOrders.Line(shop, "old", ("status", "\"cancelled\""), ("placed_at", "\"2020-05-01T10:00:00Z\""));
        Assert.Equal((1, 0, 0), (await app.Api.ImportAsync([line])).Counts);
        var id = Assert.Single(await app.Database.ListAsync<string>("select id from orders where customer_id = $1", shop.CustomerId));

        // Its events are on their way at first.
        var explained = await Eventually.Get(
            () => app.Api.GetFromJsonAsync<JsonElement>($"/v1/orders/{id}/explain"),
            seen => seen.GetProperty("agrees").GetBoolean(), "everything agrees");
        Assert.Equal("not_indexed_older_than_window", explained.GetProperty("search").GetProperty("says").GetString());
        var healing = await (await app.Api.PostAsync($"/v1/orders/{id}/heal", null)).Content.ReadFromJsonAsync<JsonElement>();
        Assert.Empty(healing.GetProperty("done").EnumerateArray());
        Assert.False(await IsIndexedAsync(id));
    }

    [Fact]
    public async Task Records_of_tasks_that_have_ended_do_not_pile_up()
    {
        var shop = await Shop.OpenAsync(app);
        await shop.FoundAsync(await shop.PlaceAsync((await shop.AddProductAsync(), 1)));
        var ended = (await app.Search.GetTasksAsync(new TasksQuery { Limit = 1, Statuses = [TaskInfoStatus.Succeeded] })).Results.First();

        await Eventually.Is(async () =>
        {
            try
            {
                await app.Search.GetTaskAsync(ended.Uid);
                return false;
            }
            catch (MeilisearchApiError error)
            {
                return error.Code == "task_not_found";
            }
        }, $"task {ended.Uid} is forgotten");
    }

    private Task FoundAsync(string orderId, bool wanted) =>
        Eventually.Is(async () => await IsIndexedAsync(orderId) == wanted, $"order {orderId} in the index: {wanted}");

    private async Task<bool> IsIndexedAsync(string orderId)
    {
        var query = new DocumentsQuery { Filter = $"id = {orderId}", Limit = 1 };
        return (await app.Search.Index(WireNames.Indexes.Orders).GetDocumentsAsync<JsonElement>(query)).Total == 1;
    }
}
