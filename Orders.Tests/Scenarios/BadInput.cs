using System.Net;
using System.Net.Http.Json;
using System.Text;
using Orders.Tests.Support;

namespace Orders.Tests.Scenarios;

public sealed class BadInput(OrdersApplication app) : ApplicationTests
{
    public static TheoryData<string, int, string> Orders => new()
    {
        { """{"customer_id":"$customer","address_id":"$address","items":[{"product_id":"pro-none","quantity":1}]}""", 422,
            "items[0].product_id" },
        { """{"customer_id":"$customer","address_id":"$address","items":[]}""", 400, "items" },
        { """{"customer_id":"$customer","address_id":"$address"}""", 400, "items" },
        { """{"customer_id":"$customer","address_id":"$address","items":[null]}""", 400, "items[0].product_id" },
        { """{"customer_id":"$customer","address_id":"$address","items":[{"product_id":"$product","quantity":0}]}""", 400,
            "items[0].quantity" },
        { """{"customer_id":"$customer","address_id":"$address","items":[{"product_id":"$product","quantity":1001}]}""",
            400, "items[0].quantity" },
        { """{"customer_id":"$customer","address_id":"$address","items":[{"product_id":"$product","quantity":-1}]}""", 400,
            "items[0].quantity" },
        { """{"customer_id":"$customer","address_id":"$address","items":[{"product_id":"$product","quantity":1.5}]}""",
            400, "items[0].quantity" },
        { """{"customer_id":"$customer","address_id":"$address","items":[{"product_id":"$product","quantity":"2"}]}""",
            400, "items[0].quantity" },
        { """{"customer_id":"$customer","address_id":"$address","items":[{"product_id":"$product","quantity":99999999999}]}""", 400, "items[0].quantity" },
        { """{"customer_id":"$customer","address_id":"$address","items":[{"product_id":"$product","quanity":1}]}""", 400,
            "items[0].quanity" },
        { """{"customer_id":"cus-none","address_id":"$address","items":[{"product_id":"$product","quantity":1}]}""", 422, "customer_id" },
        { """{"customer_id":"$customer","address_id":"add-none","items":[{"product_id":"$product","quantity":1}]}""", 422, "address_id" },
        { """{"address_id":"$address","items":[{"product_id":"$product","quantity":1}]}""", 400, "customer_id" },
        { """{"customer_id":"a\u0000b","address_id":"$address","items":[{"product_id":"$product","quantity":1}]}""", 400, "customer_id" },
        { """{"customer_id":"$customer","address_id":"$address","items":[{"product_id":"$product","quantity":1}]""", 400, "body" },
        { """{"customer_id":"$customer","customer_id":"x","address_id":"$address","items":[]}""", 400, "customer_id" },
        { "null", 400, "body" },
        { "[]", 400, "body" },
        { "", 400, "body" },
        { "not json", 400, "body" },
    };

    [Theory]
    [MemberData(nameof(Orders))]
    public async Task A_bad_order_is_refused_by_name_and_nothing_is_stored(string body, int status, string field)
    {
        var shop = await Shop.OpenAsync(app);
        var product = await shop.AddProductAsync();
        var text = body.Replace("$customer", shop.CustomerId).Replace("$address", shop.AddressId).Replace("$product", product);

        var reply = await app.Api.PostAsync("/v1/orders", new StringContent(text, Encoding.UTF8, "application/json"));

        await Shop.Expect(reply, (HttpStatusCode)status);
        Assert.Contains(field, await Problem.FieldsAsync(reply));
        Assert.Equal(0, await app.Database.ScalarAsync<long>("select count(*) from orders where customer_id = $1", shop.CustomerId));
    }

    [Fact]
    public async Task A_suspended_customer_cannot_order()
    {
        var shop = await Shop.OpenAsync(app, status: "suspended");
        var reply = await shop.TryPlaceAsync((await shop.AddProductAsync(), 1));
        await Shop.Expect(reply, HttpStatusCode.UnprocessableEntity);
        Assert.Equal(["customer_id"], await Problem.FieldsAsync(reply));
        Assert.Equal(0, await app.Database.ScalarAsync<long>("select count(*) from orders where customer_id = $1", shop.CustomerId));
    }

    [Fact]
    public async Task A_body_over_one_megabyte_is_refused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/orders");
        request.Content = new StringContent(new string(' ', 1_000_001) + "{}", Encoding.UTF8, "application/json");
        // As curl does it with large bodies: the server refuses by the announced length, before the body is on its way.
        request.Headers.ExpectContinue = true;

        var reply = await app.Api.SendAsync(request);

        await Shop.Expect(reply, HttpStatusCode.RequestEntityTooLarge);
        Assert.Equal(["body"], await Problem.FieldsAsync(reply));
    }

    [Fact]
    public async Task A_body_that_is_not_json_is_refused()
    {
        var reply = await app.Api.PostAsync("/v1/orders", new StringContent("{}", Encoding.UTF8, "text/plain"));
        await Shop.Expect(reply, HttpStatusCode.UnsupportedMediaType);
        Assert.Equal(["Content-Type"], await Problem.FieldsAsync(reply));
    }

    [Theory]
    [InlineData("/v1/orders?cursor=nonsense", "cursor")]
    [InlineData("/v1/orders?cursor=%00", "cursor")]
    [InlineData("/v1/orders?cursor=OTk5OTk5OTk5OTk5OTk5OTk5OTk5fG9yZC0x", "cursor")]
    [InlineData("/v1/orders?limit=0", "limit")]
    [InlineData("/v1/orders?limit=201", "limit")]
    [InlineData("/v1/orders?limit=ten", "limit")]
    [InlineData("/v1/orders?status=lost", "status")]
    [InlineData("/v1/products?cursor=*", "cursor")]
    [InlineData("/v1/products?active=maybe", "active")]
    [InlineData("/v1/orders/search?page=0", "page")]
    [InlineData("/v1/orders/search?page=100001&page_size=1", "page")]
    [InlineData("/v1/orders/search?page=2001", "page")]
    [InlineData("/v1/orders/search?page_size=1000", "page_size")]
    [InlineData("/v1/orders/search?sort=secret", "sort")]
    [InlineData("/v1/orders/search?status=placed OR 1=1", "status")]
    [InlineData("/v1/orders/search?placed_from=yesterday", "placed_from")]
    [InlineData("/v1/orders/search?bbox=1,2,3", "bbox")]
    [InlineData("/v1/orders/search?bbox=1,2,3,4,5", "bbox")]
    [InlineData("/v1/orders/search?bbox=", "bbox")]
    [InlineData("/v1/orders/search?bbox=-3.7,40.4,-3.6,north", "bbox")]
    [InlineData("/v1/orders/search?bbox=-3.7,40.5,-3.6,40.4", "bbox")]
    [InlineData("/v1/orders/search?bbox=-181,40.4,-3.6,40.5", "bbox")]
    [InlineData("/v1/orders/search?bbox=-3.7,40.4,-3.6,91", "bbox")]
    [InlineData("/v1/orders/search?bbox=0,0,1,1 OR id EXISTS", "bbox")]
    public async Task A_bad_query_is_refused_by_name(string address, string field)
    {
        var reply = await app.Api.GetAsync(address);
        await Shop.Expect(reply, HttpStatusCode.BadRequest);
        Assert.Equal([field], await Problem.FieldsAsync(reply));
    }

    [Theory]
    [InlineData("/v1/orders/ord-none")]
    [InlineData("/v1/orders/ord-00000000-0000-0000-0000-000000000000")]
    [InlineData("/v1/orders/%F0%9F%98%80")]
    [InlineData("/v1/products/pro-none")]
    [InlineData("/v1/customers/cus-none")]
    [InlineData("/v1/nothing")]
    public async Task What_is_not_there_is_a_problem_too(string address)
    {
        var reply = await app.Api.GetAsync(address);
        await Shop.Expect(reply, HttpStatusCode.NotFound);
        Assert.NotNull(await Problem.TypeAsync(reply));
    }

    [Fact]
    public async Task An_import_with_one_bad_record_stores_none()
    {
        var id = "cus-" + Guid.NewGuid();
        var good = new { client_id = id, first_name = "A", last_name = "B", email = "a@example.com", phone_number = "+34",
            status = "active" };
        var bad = good with { client_id = id + "x", status = "gone" };

        var reply = await app.Api.PostAsJsonAsync("/v1/customers/import", new[] { good, bad });

        await Shop.Expect(reply, HttpStatusCode.BadRequest);
        Assert.Equal(["[1].status"], await Problem.FieldsAsync(reply));
        await Shop.Expect(await app.Api.GetAsync($"/v1/customers/{id}"), HttpStatusCode.NotFound);
    }
}
