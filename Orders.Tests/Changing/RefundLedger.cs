using System.Net;
using System.Net.Http.Json;
using System.Text;
using Orders.Contracts;
using Orders.Tests.Support;

namespace Orders.Tests.Changing;

public sealed class RefundLedger(OrdersApplication app) : ApplicationTests
{
    [Fact]
    public async Task Refunds_at_once_never_exceed_what_was_paid()
    {
        var shop = await Shop.OpenAsync(app);
        var order = await shop.PaidAsync((await shop.AddProductAsync(price: 100m), 1));

        var replies = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => RefundAsync(order.Id, new { amount = 30.00m })));
        // Those that lost too often may try again, as a client would.
        for (var round = 0; round < 10; round++) await RefundAsync(order.Id, new { amount = 30.00m });

        Assert.All(replies, reply => Assert.Contains(reply.StatusCode, new[] { HttpStatusCode.Created, HttpStatusCode.Conflict }));
        Assert.Equal([30m, 30m, 30m], await app.Database.ListAsync<decimal>("select amount from order_refunds where order_id = $1",
            order.Id));
        Assert.Equal(90m, await app.Database.ScalarAsync<decimal>("select refunded from orders where id = $1", order.Id));

        var tooMuch = await RefundAsync(order.Id, new { amount = 10.01m });
        await Shop.Expect(tooMuch, HttpStatusCode.Conflict);
        Assert.Equal("/problems/refund_exceeds_payment", await Problem.TypeAsync(tooMuch));
        var rest = await RefundAsync(order.Id, new { reason = "the rest" });
        await Shop.Expect(rest, HttpStatusCode.Created);
        var refunded = Shop.Read(Encoding.UTF8.GetBytes(await shop.GetTextAsync(order.Id)));
        Assert.Equal(
            await (await app.Api.GetAsync(rest.Headers.Location)).Content.ReadAsStringAsync(), await rest.Content.ReadAsStringAsync());
        Assert.Equal((100.00m, 4, 10.00m), (refunded.Refunded!.Value, refunded.Refunds!.Count, refunded.Refunds[^1].Amount));

        var listed = await app.Api.GetFromJsonAsync<System.Text.Json.JsonElement>($"/v1/orders/{order.Id}/refunds");
        Assert.Equal(
            refunded.Refunds.Select(refund => refund.Id),
            listed.GetProperty("items").EnumerateArray().Select(refund => refund.GetProperty("id").GetString()));
    }

    [Fact]
    public async Task The_database_itself_refuses_more_than_was_paid()
    {
        var shop = await Shop.OpenAsync(app);
        var order = await shop.PaidAsync((await shop.AddProductAsync(price: 100m), 1));
        var refusal = await Assert.ThrowsAsync<Npgsql.PostgresException>(() =>
            app.Database.ListAsync<int>("update orders set refunded = 100.01 where id = $1 returning 1", order.Id));
        Assert.Equal("orders_refunded", refusal.ConstraintName);
    }

    [Fact]
    public async Task An_order_that_was_not_paid_has_nothing_to_refund()
    {
        var shop = await Shop.OpenAsync(app);
        var order = await shop.PlaceAsync((await shop.AddProductAsync(), 1));
        var reply = await RefundAsync(order.Id, new { amount = 1.00m });
        await Shop.Expect(reply, HttpStatusCode.Conflict);
        Assert.Equal("/problems/not_paid", await Problem.TypeAsync(reply));
        await Shop.Expect(await RefundAsync(order.Id, new { amount = 0m }), HttpStatusCode.BadRequest);
        await Shop.Expect(await RefundAsync(order.Id, new { amount = 0.00001m }), HttpStatusCode.BadRequest);
        Assert.Equal(0, await app.Database.ScalarAsync<long>("select count(*) from order_refunds where order_id = $1", order.Id));
    }

    [Fact]
    public async Task A_refund_names_pieces_or_a_return_and_never_the_same_piece_twice()
    {
        var shop = await Shop.OpenAsync(app);
        var order = await shop.DeliveredAsync((await shop.AddProductAsync(price: 100m), 3));
        order = await shop.DoAsync(order, "return", new { lines = new[] { new { line = 1, quantity = 1 } } });

        var back = await RefundAsync(order.Id, new { return_id = order.Returns![0].Id });
        await Shop.Expect(back, HttpStatusCode.Created);
        await Shop.Expect(await RefundAsync(order.Id, new { lines = new[] { new { line = 1, quantity = 3 } } }),
            HttpStatusCode.UnprocessableEntity);
        await Shop.Expect(await RefundAsync(order.Id, new { return_id = "ret-none" }), HttpStatusCode.UnprocessableEntity);

        var refund = Shop.Read(Encoding.UTF8.GetBytes(await shop.GetTextAsync(order.Id))).Refunds!.Single();
        Assert.Equal((100.00m, order.Returns[0].Id, new LineQuantity(1, 1)),
            (refund.Amount, refund.ReturnId, refund.Lines!.Single()));
    }

    [Fact]
    public async Task Money_that_arrives_after_the_end_is_kept_found_as_owed_and_refundable()
    {
        var shop = await Shop.OpenAsync(app);
        var order = await shop.DoAsync(await shop.PlaceAsync((await shop.AddProductAsync(price: 100m), 1)), "cancel");
        Assert.Empty(await OwedAsync(shop));

        order = await shop.DoAsync(order, "pay", new { method = "transfer", reference = "T-" + shop.CustomerId, amount = 99.5m });
        Assert.Equal((OrderStatus.Cancelled, 99.50m), (order.Status, order.Owed!.Value));
        Assert.Equal([order.Id], await OwedAsync(shop));
        Assert.Equal("99.50", await app.Database.ScalarAsync<string>("select owed::text from orders where id = $1", order.Id));
        Assert.Equal(Shop.Json(order), await shop.GetTextAsync(order.Id));

        await Shop.Expect(await RefundAsync(order.Id, new { }), HttpStatusCode.Created);
        Assert.Empty(await OwedAsync(shop));
    }

    private async Task<List<string?>> OwedAsync(Shop shop)
    {
        var page = await app.Api.GetFromJsonAsync<System.Text.Json.JsonElement>($"/v1/orders?customer_id={shop.CustomerId}&owed=true");
        return [.. page.GetProperty("items").EnumerateArray().Select(order => order.GetProperty("id").GetString())];
    }

    private Task<HttpResponseMessage> RefundAsync(string id, object body) => app.Api.PostAsJsonAsync($"/v1/orders/{id}/refunds", body);
}
