using System.Net.Http.Json;
using System.Text.Json;
using Meilisearch;
using Meilisearch.QueryParameters;
using Orders.Contracts;
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
        await AssertRightlyAbsentAsync(coldId);
        Assert.Equal("delivered", (await app.Api.GetStringAsync($"/v1/orders/{coldId}") is var text ? Shop.Read(
            System.Text.Encoding.UTF8.GetBytes(text)) : null)!.Status.ToWire());
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

    /// <summary>An explanation of the absence, and nothing to heal.</summary>
    private async Task AssertRightlyAbsentAsync(string orderId)
    {
        var explained = await app.Api.GetFromJsonAsync<JsonElement>($"/v1/orders/{orderId}/explain");
        var search = explained.GetProperty("search");
        Assert.Equal("not_indexed_older_than_window", search.GetProperty("says").GetString());
        Assert.True(search.GetProperty("agrees").GetBoolean());
        var healing = await (await app.Api.PostAsync($"/v1/orders/{orderId}/heal", null)).Content.ReadFromJsonAsync<JsonElement>();
        Assert.DoesNotContain("search", healing.GetProperty("done").EnumerateArray().Select(part => part.GetString()));
        Assert.False(await IsIndexedAsync(orderId));
    }

    private Task FoundAsync(string orderId, bool wanted) =>
        Eventually.Is(async () => await IsIndexedAsync(orderId) == wanted, $"order {orderId} in the index: {wanted}");

    private async Task<bool> IsIndexedAsync(string orderId)
    {
        var query = new DocumentsQuery { Filter = $"id = {orderId}", Limit = 1 };
        return (await app.Search.Index(WireNames.Indexes.Orders).GetDocumentsAsync<JsonElement>(query)).Total == 1;
    }
}
