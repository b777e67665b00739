using System.Net;
using Orders.Simulator.Files;
using Orders.Simulator.Tables;
using Orders.Tests.Tidy;

namespace Orders.Tests.Simulation;

[Unit]
public sealed class SeedCommandTests : IDisposable
{
    private readonly FakeShop _shop = new();
    private readonly CliRun _cli;

    public SeedCommandTests() => _cli = new CliRun { Network = () => _shop };

    public void Dispose()
    {
        _cli.Dispose();
        _shop.Dispose();
    }

    [Theory]
    [InlineData("json")]
    [InlineData("ndjson")]
    [InlineData("csv")]
    public async Task Tables_are_written_as_files_with_the_same_bytes_every_time(string format)
    {
        string[] sentence =
            ["seed", "--seed", "7", "--customers", "20", "--addresses", "25", "--products", "10", "--format", format, "--out", _cli.Folder];
        Assert.Equal(0, await _cli.RunAsync(sentence));
        var first = Files();
        Assert.Equal(0, await _cli.RunAsync(sentence));

        Assert.Equal([$"addresses.{format}", $"customers.{format}", $"products.{format}"], first.Select(file => file.Name));
        Assert.Equal(first, Files());
        var customers = await TableReader.ReadAsync(
            _cli.PathOf($"customers.{format}"), TableSchemas.Customers, null, CancellationToken.None);
        Assert.Equal(CustomerGenerator.Generate(7, 20), customers.Rows);
    }

    [Fact]
    public async Task Tables_are_sent_to_the_api_with_the_key_in_batches()
    {
        var keys = new List<string?>();
        _shop.Interfere = request =>
        {
            keys.Add(request.Headers.Authorization?.ToString());
            return null;
        };

        Assert.Equal(0, await _cli.RunAsync(
            "seed", "--customers", "25", "--addresses", "30", "--products", "8", "--api", "http://shop.example", "--key", "ordk_x",
            "--batch", "10"));

        Assert.Equal(
            ["customers 5", "customers 10", "customers 10", "addresses 10", "addresses 10", "addresses 10", "products 8"], _shop.Imports);
        Assert.All(keys, key => Assert.Equal("Bearer ordk_x", key));
        Assert.Contains("customers: 25 rows sent", _cli.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', _cli.Output + _cli.Error);
        Assert.DoesNotContain("ordk_x", _cli.Output + _cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Somebodys_own_tables_are_imported_and_nothing_is_invented_beside_them()
    {
        Assert.Equal(0, await _cli.RunAsync("seed", "--customers", Sample("customers.csv"), "--addresses", Sample("addresses.json"),
            "--api", "http://shop.example", "--key", "ordk_x"));

        Assert.Equal((12, 14, 0), (_shop.Tables["customers"].Count, _shop.Tables["addresses"].Count, _shop.Tables["products"].Count));
    }

    [Fact]
    public async Task Addresses_are_generated_for_somebodys_own_customers()
    {
        Assert.Equal(0, await _cli.RunAsync(
            "seed", "--customers", Sample("customers.csv"), "--addresses", "30", "--out", _cli.Folder));

        var addresses = await TableReader.ReadAsync(_cli.PathOf("addresses.ndjson"), TableSchemas.Addresses, null, CancellationToken.None);
        var customers = await TableReader.ReadAsync(Sample("customers.csv"), TableSchemas.Customers, null, CancellationToken.None);
        Assert.Equal(30, addresses.Rows.Count);
        Assert.Subset(customers.Rows.Select(row => row.ClientId).ToHashSet(), addresses.Rows.Select(row => row.ClientId).ToHashSet());
    }

    [Fact]
    public async Task With_a_bad_row_nothing_is_sent_unless_bad_rows_are_to_be_skipped()
    {
        var file = _cli.Write("people.ndjson",
            """
            {"client_id":"cus-1","first_name":"Ana","last_name":"Ruiz","email":"a@example.com","phone_number":"+34600001","status":"active"}
            {"client_id":"cus-2","first_name":"Eva","last_name":"Gil","email":"e@example.com","phone_number":"+34600002","status":"asleep"}
            """);
        string[] sentence = ["seed", "--customers", file, "--api", "http://shop.example", "--key", "ordk_x"];

        Assert.Equal(1, await _cli.RunAsync(sentence));
        Assert.Contains($"{file}, line 2, status: is 'asleep'", _cli.Error, StringComparison.Ordinal);
        Assert.Empty(_shop.Imports);

        Assert.Equal(0, await _cli.RunAsync([.. sentence, "--skip-bad"]));
        Assert.Equal(["customers 1"], _shop.Imports);
    }

    [Fact]
    public async Task An_address_of_nobody_is_a_bad_row()
    {
        var file = _cli.Write("homes.csv", "client_id,address_id,road\r\ncus-9,add-9,Calle Abedul\r\n");

        Assert.Equal(1, await _cli.RunAsync("seed", "--customers", Sample("customers.csv"), "--addresses", file, "--dry-run"));

        Assert.Contains("line 2, client_id: no customer 'cus-9' is in the customers table", _cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_api_refuses_is_a_failure_with_its_words()
    {
        _shop.Interfere = _ => new HttpResponseMessage(HttpStatusCode.Forbidden) { Content = new StringContent("the key lacks a scope") };

        Assert.Equal(1, await _cli.RunAsync("seed", "--products", "5", "--api", "http://shop.example", "--key", "ordk_x"));

        Assert.Contains("the key lacks a scope", _cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_api_that_stays_away_is_given_up()
    {
        _shop.Interfere = _ => throw new HttpRequestException(HttpRequestError.ConnectionError);

        Assert.Equal(1, await _cli.RunAsync(
            "seed", "--products", "5", "--api", "http://shop.example", "--key", "ordk_x", "--patience", "1"));

        Assert.Contains("http://shop.example/ does not answer; waited 1 s", _cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_samples_are_what_the_command_makes()
    {
        string[] sizes = ["seed", "--seed", "42", "--customers", "12", "--addresses", "14", "--products", "12", "--out", _cli.Folder];
        Assert.Equal(0, await _cli.RunAsync([.. sizes, "--format", "csv"]));
        Assert.Equal(0, await _cli.RunAsync([.. sizes, "--format", "json"]));
        Assert.Equal(0, await _cli.RunAsync([.. sizes, "--format", "ndjson"]));

        Assert.All(["customers.csv", "addresses.json", "products.ndjson"], name =>
            Assert.Equal(File.ReadAllText(_cli.PathOf(name)), File.ReadAllText(Sample(name))));
    }

    private static string Sample(string name) => Path.Combine(Sources.Root, "samples", name);

    private List<(string Name, string Text)> Files() =>
        [.. Directory.GetFiles(_cli.Folder).Order(StringComparer.Ordinal).Select(file => (Path.GetFileName(file), File.ReadAllText(file)))];
}
