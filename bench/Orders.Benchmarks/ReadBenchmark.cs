using System.Diagnostics;

namespace Orders.Benchmarks;

/// <summary>An order by id, from the cache, over HTTP, against a bare endpoint that answers the same bytes.</summary>
internal static class ReadBenchmark
{
    private const double Bar = 0.50;

    public static async Task<bool> RunAsync(RunningOrders orders, Shop shop, int clients, TimeSpan duration)
    {
        var placed = await orders.Http.PostAsync("/v1/orders", new StringContent(shop.Order(0, 1), null, "application/json"));
        var body = await placed.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync();
        var file = Path.GetTempFileName();
        await File.WriteAllBytesAsync(file, body);
        using var bare = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["serve-bare", file])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true,
        })!;
        try
        {
            var server = new Uri((await bare.StandardOutput.ReadLineAsync())!);
            var get = HttpLoad.Get(server, "/bare", orders.Token);
            var cached = HttpLoad.Get(orders.Server, placed.Headers.Location!.ToString(), orders.Token);
            double bareRate = 0, cachedRate = 0;
            // Turn and turn about, so that a machine that slows down slows both.
            for (var round = 0; round < 4; round++)
            {
                var reference = await HttpLoad.RunAsync(server, clients, duration / 4, (_, _) => get);
                var measured = await HttpLoad.RunAsync(orders.Server, clients, duration / 4, (_, _) => cached);
                if (measured.Failed + reference.Failed > 0) throw new InvalidOperationException("a read failed");
                // The first round warms up.
                if (round == 0) continue;
                bareRate += reference.PerSecond / 3;
                cachedRate += measured.PerSecond / 3;
                Console.WriteLine($"  bare {reference}   cached order {measured}");
            }

            return Report.Ratio("order by id, cached", cachedRate, "bare endpoint, same bytes", bareRate, Bar);
        }
        finally
        {
            bare.StandardInput.Close();
            await bare.WaitForExitAsync();
            File.Delete(file);
        }
    }
}
