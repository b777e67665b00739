using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Orders.Benchmarks;

/// <summary>A customer, an address and two products; orders of two lines, placed singly or imported.</summary>
internal sealed class ImportShop(HttpClient api, string[] products)
{
    private const string Customer = "cus-bench";
    private const string Address = "add-bench";

    /// <summary>Young enough that all of them belong into the search index.</summary>
    private static readonly DateTimeOffset First = TimeProvider.System.GetUtcNow().AddDays(-600);

    private int _imports;
    private string _last = "";

    public static async Task<ImportShop> OpenAsync(HttpClient api)
    {
        await PostAsync(api, "/v1/customers/import", new[]
        {
            new
            {
                client_id = Customer, first_name = "Ana", last_name = "Ruiz", email = "ana@example.com", phone_number = "+34600000000",
                status = "active",
            },
        });
        await PostAsync(api, "/v1/addresses/import", new[]
        {
            new { client_id = Customer, address_id = Address, road = "Calle Abedul", city_district = "Centro", postcode = "28014" },
        });
        List<string> products = [];
        foreach (var name in (string[])["Lámpara", "Silla"])
        {
            using var reply = await PostAsync(api, "/v1/products", new
            {
                sku = name, name, description = "de mesa, latón, 40 cm", category = "hogar", price = 19.99m, currency = "EUR",
                weight = 1.25m,
                stock = 2_000_000_000, active = true,
            });
            products.Add(reply.RootElement.GetProperty("id").GetString()!);
        }

        return new ImportShop(api, [.. products]);
    }

    /// <summary>Orders a second, placed by that many at a time.</summary>
    public async Task<double> PlaceAsync(int atATime, TimeSpan duration)
    {
        var started = TimeProvider.System.GetTimestamp();
        var counts = await Task.WhenAll(Enumerable.Range(0, atATime).Select(async _ =>
        {
            var count = 0;
            while (TimeProvider.System.GetElapsedTime(started) < duration)
            {
                using var order = await PostAsync(api, "/v1/orders", new
                {
                    customer_id = Customer, address_id = Address,
                    items = products.Select(product => new { product_id = product, quantity = 2 }),
                });
                _last = order.RootElement.GetProperty("id").GetString()!;
                count++;
            }

            return count;
        }));
        return counts.Sum() / TimeProvider.System.GetElapsedTime(started).TotalSeconds;
    }

    /// <summary>Orders a second, imported by one stream that is made as it is sent.</summary>
    public async Task<double> ImportAsync(int lines, bool again = false)
    {
        if (!again) _imports++;
        var started = TimeProvider.System.GetTimestamp();
        using var content = new Lines(lines, n => Line(FormattableString.Invariant($"bench-{_imports}-{n}"), n));
        using var reply = await ReadAsync(await api.PostAsync("/v1/orders/import", content));
        var took = TimeProvider.System.GetElapsedTime(started);
        var done = reply.RootElement.GetProperty(again ? "unchanged" : "accepted").GetInt64();
        if (done != lines) throw new InvalidOperationException(reply.RootElement.ToString()[..500]);
        return lines / took.TotalSeconds;
    }

    /// <summary>Lines a second that come out.</summary>
    public async Task<double> ExportAsync(string query)
    {
        var started = TimeProvider.System.GetTimestamp();
        using var reply = await api.GetAsync("/v1/orders/export" + query, HttpCompletionOption.ResponseHeadersRead);
        if (reply.StatusCode != HttpStatusCode.OK) throw new InvalidOperationException(await reply.Content.ReadAsStringAsync());
        await using var stream = await reply.Content.ReadAsStreamAsync();
        var (buffer, count) = (new byte[1 << 16], 0L);
        for (int read; (read = await stream.ReadAsync(buffer)) > 0;) count += buffer.AsSpan(0, read).Count((byte)'\n');
        return count / TimeProvider.System.GetElapsedTime(started).TotalSeconds;
    }

    /// <summary>Waits until the last order can be found, so that what is measured next has the machine to itself.</summary>
    public async Task IsIndexedAsync()
    {
        if (_imports > 0)
        {
            using var placed = await PostAsync(api, "/v1/orders", new
            {
                customer_id = Customer, address_id = Address, items = new[] { new { product_id = products[0], quantity = 1 } },
            });
            _last = placed.RootElement.GetProperty("id").GetString()!;
        }

        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(500));
        while (await timer.WaitForNextTickAsync())
        {
            using var hits = await ReadAsync(await api.GetAsync("/v1/orders/search?q=" + _last));
            if (hits.RootElement.GetProperty("total_hits").GetInt32() > 0) return;
        }
    }

    private string Line(string externalId, int n) => JsonSerializer.Serialize(new
    {
        external_id = externalId, status = "delivered", channel = "web", currency = "EUR",
        placed_at = First.AddSeconds(n).ToString("O", CultureInfo.InvariantCulture),
        customer = new { id = Customer, name = "Ana Ruiz", email = "ana@example.com", phone = "+34600000000" },
        destination = new { id = Address, road = "Calle Abedul", city_district = "Centro", postcode = "28014" },
        items = products.Select(product => new
        {
            product_id = product, sku = "Lámpara", name = "Lámpara", description = "de mesa, latón, 40 cm", category = "hogar",
            unit_price = 19.99m, quantity = 2, weight = 1.25m,
        }),
        shipping = 5.95m,
    });

    private static async Task<JsonDocument> PostAsync<T>(HttpClient api, string path, T body) =>
        await ReadAsync(await api.PostAsJsonAsync(path, body));

    private static async Task<JsonDocument> ReadAsync(HttpResponseMessage reply)
    {
        using (reply)
        {
            var text = await reply.Content.ReadAsStringAsync();
            return reply.IsSuccessStatusCode
                ? JsonDocument.Parse(text)
                : throw new InvalidOperationException($"{reply.RequestMessage?.RequestUri}: {(int)reply.StatusCode} {text}");
        }
    }

    private sealed class Lines : HttpContent
    {
        private readonly int _count;
        private readonly Func<int, string> _line;

        public Lines(int count, Func<int, string> line)
        {
            (_count, _line) = (count, line);
            Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
        }

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            for (var n = 0; n < _count; n++) await stream.WriteAsync(Encoding.UTF8.GetBytes(_line(n) + "\n"));
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
