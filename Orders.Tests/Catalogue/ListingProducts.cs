using System.Net;
using System.Text.Json;
using Orders.Tests.Support;

namespace Orders.Tests.Catalogue;

public sealed class ListingProducts(OrdersApplication app) : ApplicationTests
{
    public static TheoryData<string> Sorts => ["id", "-id", "name", "-name", "price", "-price"];

    public static TheoryData<string, string> BadQueries => new()
    {
        { "catgory=x", "catgory" },
        { "sort=stock", "sort" },
        { "sort=", "sort" },
        { "active=maybe", "active" },
        { "price_min=cheap", "price_min" },
        { "price_max=-1", "price_max" },
        { "limit=0", "limit" },
        { "limit=201", "limit" },
        { "cursor=nonsense", "cursor" },
        { "text=", "text" },
        { "text=a%00b", "text" },
        { "text=si", "text" },
        { "text=si%20la", "text" },
        { "text=%25%25%25", "text" },
        { "text=a-b-c", "text" },
        { "text=" + "1 2 3 4 5 6 7 8 9", "text" },
        { "category=", "category" },
    };

    [Theory]
    [MemberData(nameof(Sorts))]
    public async Task Any_page_size_goes_through_every_product_once_in_order(string sort)
    {
        var tag = Calls.Tag();
        // Names and prices repeat, so that pages end within equals.
        for (var i = 0; i < 23; i++)
            await app.ProductAsync($"{tag}-{i}", $"N|{i % 4}~", tag, (i / 5) + 0.5m);
        var expected = await app.Database.ListAsync<string>(
            $"select id from products where category = $1 order by {Order(sort)}", tag);

        var seed = Random.Shared.Next();
        var random = new Random(seed);
        foreach (var limit in new[] { 1, 23, 200, random.Next(2, 22), random.Next(2, 22) })
        {
            var listed = await app.Api.WalkAsync($"/v1/products?category={tag}&sort={sort}", "id", limit);
            Assert.True(expected.SequenceEqual(listed), $"seed {seed}, limit {limit}: {string.Join(' ', listed)}");
        }

        static string Order(string sort) => sort switch
        {
            "id" => "id",
            "-id" => "id desc",
            _ when sort[0] == '-' => $"{sort[1..]} desc, id desc",
            _ => $"{sort}, id",
        };
    }

    [Fact]
    public async Task Products_that_were_there_are_met_once_while_others_are_added()
    {
        var tag = Calls.Tag();
        var there = new List<string>();
        for (var i = 0; i < 12; i++) there.Add(await Add(i));
        var added = 12;

        foreach (var limit in new[] { 1, 3, 5 })
        {
            var listed = await app.Api.WalkAsync($"/v1/products?category={tag}&sort=name", "id", limit, async () =>
            {
                if (added < 40) await Add(added++);
            });
            Assert.Equal(listed.Distinct(), listed);
            Assert.Empty(there.Except(listed));
        }

        Task<string> Add(int i) => app.ProductAsync($"{tag}-{i}", $"N{i * 7 % 10}", tag);
    }

    [Fact]
    public async Task Filters_narrow_the_list_together()
    {
        var (tag, other) = (Calls.Tag(), Calls.Tag());
        var cheap = await Add(tag, 5m);
        var dear = await Add(tag, 50m);
        var hidden = await Add(tag, 500m, active: false);
        var elsewhere = await Add(other, 5m);

        (string Query, string[] Found)[] cases =
        [
            ($"category={tag}", [cheap, dear, hidden]), ($"category={tag}&category={other}", [cheap, dear, hidden, elsewhere]),
            ($"category={tag}&active=true", [cheap, dear]), ($"category={tag}&active=false", [hidden]),
            ($"category={tag}&price_min=5.01&price_max=50", [dear]),
            ($"category={tag}&category={other}&price_max=5", [cheap, elsewhere]), ($"category={tag}x", []),
        ];
        foreach (var (query, found) in cases) await AssertFoundAsync(query, found);

        Task<string> Add(string category, decimal price, bool active = true) =>
            app.ProductAsync(Calls.Tag(), category: category, price: price, active: active);
    }

    [Fact]
    public async Task Text_finds_words_of_sku_name_and_description_whatever_case_and_accents()
    {
        var tag = Calls.Tag();
        var lamp = await app.ProductAsync($"{tag}-A1", $"Lámpara {tag}", description: "Latón envejecido 100%");
        var chair = await app.ProductAsync($"{tag}-B2", $"SILLA {tag}", description: "Roble_macizo");

        (string Text, string[] Found)[] cases =
        [
            ($"{tag} lampara", [lamp]), ($"LÁMPARA {tag}", [lamp]), ($"laton {tag}", [lamp]), ($"envejec {tag}", [lamp]),
            ($"silla {tag}", [chair]), ($"{tag}-b2", [chair]), ($"{tag} 100%", [lamp]), ($"{tag} e_maci", [chair]),
            ($"{tag}", [lamp, chair]),
            ($"{tag} 1%0", []), ($"{tag} la_para", []), ($"{tag} lampara silla", []), ($"{tag} '; drop table products --", []),
            ($"{tag} %", [lamp]), ($"{tag} \\", []),
        ];
        foreach (var (text, found) in cases) await AssertFoundAsync("text=" + Uri.EscapeDataString(text), found);
    }

    [Fact]
    public async Task The_text_filter_is_served_by_its_index()
    {
        await using var connection = await app.Database.OpenConnectionAsync();
        await using var command = connection.CreateCommand();
        // So few rows as here are quicker read one by one; what matters is that the index can answer.
        command.CommandText = """
            set enable_seqscan = off;
            explain (format json) select * from products
            where folded(sku || E'\n' || name || E'\n' || description) like folded_pattern('lámpara')
            """;
        var plan = (string)(await command.ExecuteScalarAsync())!;
        Assert.Contains("\"products_text\"", plan, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(BadQueries))]
    public async Task A_bad_query_is_refused_by_name(string query, string field)
    {
        var reply = await app.Api.GetAsync($"/v1/products?{query}");
        await Shop.Expect(reply, HttpStatusCode.BadRequest);
        Assert.Equal([field], await Problem.FieldsAsync(reply));
    }

    [Fact]
    public async Task A_cursor_of_another_order_is_refused()
    {
        var tag = Calls.Tag();
        for (var i = 0; i < 2; i++) await app.ProductAsync($"{tag}-{i}", category: tag);
        var cursor = (await PageAsync($"category={tag}&sort=name&limit=1")).Text("next_cursor");

        foreach (var sort in new[] { "id", "-name", "price" })
        {
            var reply = await app.Api.GetAsync($"/v1/products?sort={sort}&cursor={cursor}");
            await Shop.Expect(reply, HttpStatusCode.BadRequest);
            Assert.Equal(["cursor"], await Problem.FieldsAsync(reply));
        }
    }

    private async Task AssertFoundAsync(string query, string[] found)
    {
        var listed = await app.Api.WalkAsync($"/v1/products?{query}", "id", 200);
        Assert.True(found.Order(StringComparer.Ordinal).SequenceEqual(listed), $"{query}: {string.Join(' ', listed)}");
    }

    private Task<JsonElement> PageAsync(string query) => app.Api.GetJsonAsync($"/v1/products?{query}");
}
