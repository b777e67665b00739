using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Orders.Simulator.Api;
using Orders.Simulator.Files;
using Orders.Simulator.Tables;

namespace Orders.Tests.Simulation;

/// <summary>Tables in files: what is written is read again, and what is wrong is said with line, column and reason.</summary>
[Unit]
public sealed class TableFileTests
{
    private const string CustomerHeader =
        "client_id,first_name,last_name,email,phone_number,date_of_birth,gender,occupation,created_at,updated_at,status\n";

    private const string Kike =
        """
        {"client_id":"cus-1","first_name":"Kike","last_name":"Rios","email":"kike.rios@hotmail.com","phone_number":"+34882004486",
        "date_of_birth":"1940-10-12","gender":"Male","occupation":"Reparador de bicicletas","created_at":"2022-06-28",
        "updated_at":"2023-10-21","status":"active"}
        """;

    private static readonly SimulatedTables Tables = SimulatedTables.Generate(3, 200, 300, 200);

    [Theory]
    [InlineData("Json")]
    [InlineData("Ndjson")]
    [InlineData("Csv")]
    public async Task What_is_written_is_read_again(string name)
    {
        var format = Enum.Parse<TableFormat>(name);
        await RoundTripAsync(format, TableSchemas.Customers, Tables.Customers, ApiJson.Default.IReadOnlyListCustomer);
        await RoundTripAsync(format, TableSchemas.Addresses, Tables.Addresses, ApiJson.Default.IReadOnlyListAddress);
        await RoundTripAsync(format, TableSchemas.Products, Tables.Products, ApiJson.Default.IReadOnlyListProduct);
    }

    [Fact]
    public void The_schemas_that_the_project_was_born_with_are_read()
    {
        var customer = Assert.Single(Customers($"[{Kike}]", TableFormat.Json).Rows);
        var address = Assert.Single(Read(
            """
            [{"client_id": "cus-7d70c702-01ed-4619-a211-ad59e51371b1", "address_id": "cus-9de25694-d4b2-4c73-a81f-7b82cee16f7e",
              "neighborhood": "Fuencarral - El Pardo", "coordinates": [40.616026405147196, -3.630901451761291], "road": "Calle Abedul",
              "house_number": "", "suburb": "Ciudalcampo", "city_district": "Fuencarral-El Pardo", "state": "Comunidad de Madrid",
              "postcode": "28707", "country": "España", "lat": "40.616839", "lon": "-3.6257757"}]
            """, TableFormat.Json, TableSchemas.Addresses).Rows);

        Assert.Equal(("Kike", new DateOnly(1940, 10, 12), "active"), (customer.FirstName, customer.DateOfBirth, customer.Status));
        Assert.Equal(("", "40.616839", 40.616026405147196), (address.HouseNumber, address.Lat, address.Coordinates![0]));
    }

    [Fact]
    public void Bad_rows_are_named_by_line_and_column_and_the_others_are_kept()
    {
        var content = Customers(
            CustomerHeader
            + "cus-1,Ana,Ruiz,ana@example.com,+34600000001,1990-02-30,Female,,,,active\n"
            + "cus-2,Eva,Gil,eva@example.com,+34600000002,,,,,,active\n"
            + "\n"
            + "cus-3,Ivo,Gil,ivo@example.com,+34600000003,,,\"two\nlines\",,,gone\n"
            + "cus-2,Eva,Gil,,+34600000002,,,,,,active\n"
            + "cus-2,Eva,Gil,eva@example.com,+34600000002,,,,,,active\n"
            + "cus-4,Leo,Sanz\n"
            + "cus-5,Pia,Sanz,pia@example.com,+34600000005,,,,,,inactive", TableFormat.Csv);

        Assert.Equal(["cus-2", "cus-5"], content.Rows.Select(row => row.ClientId));
        Assert.Equal(5, content.BadRows);
        Assert.Equal(
            [
                "line 2, date_of_birth: is '1990-02-30'; it must be a date such as 1940-10-12",
                "line 5, status: is 'gone'; it must be active, inactive or suspended",
                "line 7, email: is required",
                "line 8, client_id: 'cus-2' stands already on line 3",
                "line 9: has 3 cells, the header has 11",
            ],
            content.Described.Select(cell => cell.ToString()));
    }

    [Theory]
    [InlineData("price", "\"19,90\"", "is '19,90'; it must be a number with a point, such as 19.90")]
    [InlineData("price", "19.901", "is 19.901; it may have at most 2 decimals")]
    [InlineData("price", "-1", "is -1; it must be 0 to 999999.99")]
    [InlineData("price", "null", "is required")]
    [InlineData("weight", "10000.001", "is 10000.001; it must be 0 to 10000")]
    [InlineData("currency", "\"eur\"", "is 'eur'; it must be an ISO 4217 code such as EUR")]
    [InlineData("stock", "1.5", "is '1.5'; it must be a whole number from 0 to 2147483647")]
    [InlineData("active", "\"yes\"", "is 'yes'; it must be true or false")]
    [InlineData("name", "7", "must be text")]
    [InlineData("name", "\"  \"", "is required")]
    [InlineData("sku", "\"\\ud800\"", "has half of a surrogate pair")]
    public void A_wrong_value_is_refused_with_its_reason(string column, string value, string reason)
    {
        var product = new Dictionary<string, string>
        {
            ["id"] = "\"pro-1\"", ["sku"] = "\"A-1\"", ["name"] = "\"Lamp\"", ["category"] = "\"Lighting\"", ["price"] = "9.90",
            ["currency"] = "\"EUR\"", ["weight"] = "0.5", [column] = value,
        };
        var line = "{" + string.Join(",", product.Select(cell => $"\"{cell.Key}\":{cell.Value}")) + "}";

        var content = Read("\n" + line, TableFormat.Ndjson, TableSchemas.Products);

        Assert.Equal([$"line 2, {column}: {reason}"], content.Described.Select(cell => cell.ToString()));
        Assert.Empty(content.Rows);
    }

    [Fact]
    public void An_unknown_column_is_named_with_the_nearest_known_one()
    {
        var header = CustomerHeader.Replace("email", "emial", StringComparison.Ordinal);
        var csv = Customers(header + "1,2,3,4,5,6,7,8,9,10,11", TableFormat.Csv);
        var json = Customers($"[\n{Kike.Replace("\n", "", StringComparison.Ordinal)},\n{{\"clientid\":1}}]", TableFormat.Json);

        Assert.Equal(["line 1, emial: is no column of this table; did you mean 'email'?"], csv.Described.Select(cell => cell.ToString()));
        Assert.Equal(
            ["line 3, clientid: is no column of this table; did you mean 'client_id'?"], json.Described.Select(cell => cell.ToString()));
        Assert.Single(json.Rows);
    }

    [Theory]
    [InlineData("Json", "[{}", "line 1")]
    [InlineData("Json", "{}", "line 1: is no array")]
    [InlineData("Json", "[\n\n{\"a\" 1}]", "line 3: is no JSON from here on")]
    [InlineData("Json", "[] []", "line 1: is no JSON from here on")]
    [InlineData("Ndjson", "{\n", "line 1: is no JSON")]
    [InlineData("Ndjson", "[]\n", "line 1: is no object")]
    [InlineData("Ndjson", "{\"\\ud800\":1}", "line 1, (half of a surrogate pair): is no column")]
    [InlineData("Csv", "", "line 1: is missing")]
    [InlineData("Csv", "client_id,client_id\n", "line 1, client_id: stands more than once")]
    public void What_is_no_table_is_said_with_its_line(string format, string text, string expected) =>
        Assert.StartsWith(expected, Customers(text, Enum.Parse<TableFormat>(format)).Described[^1].ToString(), StringComparison.Ordinal);

    [Fact]
    public void Text_that_is_not_UTF8_is_refused_with_its_line()
    {
        var file = Encoding.Latin1.GetBytes(CustomerHeader + "cus-1,Begoña,Ruiz,b@example.com,+34600000001,,,,,,active\n");

        var content = TableReader.Read(file, TableFormat.Csv, TableSchemas.Customers);

        Assert.Equal(["line 2: is not UTF-8: save the file as UTF-8"], content.Described.Select(cell => cell.ToString()));
    }

    [Theory]
    [InlineData(";")]
    [InlineData("\t")]
    public void What_separates_the_cells_is_seen_in_the_header(string separator)
    {
        var row = "cus-1,Ana,Ruiz,ana@example.com,+34600000001,1990-02-28,Female,\"Oficial, primera\",,,active";
        // The comma inside the quoted cell stays.
        var text = string.Join(separator, CustomerHeader.Split(','))
            + row.Replace(", ", "\0", StringComparison.Ordinal).Replace(",", separator, StringComparison.Ordinal)
                .Replace("\0", ", ", StringComparison.Ordinal);

        byte[] file = [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(text)];
        var content = TableReader.Read(file, TableFormat.Csv, TableSchemas.Customers);

        Assert.Empty(content.Described);
        Assert.Equal("Oficial, primera", Assert.Single(content.Rows).Occupation);
    }

    [Theory]
    [InlineData("Json")]
    [InlineData("Ndjson")]
    [InlineData("Csv")]
    public void Whatever_stands_in_a_file_is_read_or_refused_and_never_a_crash(string name)
    {
        var format = Enum.Parse<TableFormat>(name);
        var pieces = Gen.Elements(
            "{", "}", "[", "]", "\"", ",", ":", ";", "\n", "\r", "\t", "\\", "\\ud800", "\0", "\u00f1", "\ufeff", "client_id", "status",
            "active", "null", "1e999", "-", " ", CustomerHeader, Kike);
        var texts = (from count in Gen.Choose(0, 30) from text in pieces.ArrayOf(count) select string.Concat(text)).ToArbitrary();
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2000), Prop.ForAll(texts, text =>
        {
            var content = Customers(text, format);
            return content.Rows.All(row => row.Status is "active" or "inactive" or "suspended")
                && content.Described.All(cell => cell.Line >= 1 && cell.Reason.Length > 0);
        }));
    }

    [Fact]
    public void Of_very_many_bad_rows_the_first_are_described_and_all_are_counted()
    {
        var content = Customers(CustomerHeader + string.Concat(Enumerable.Repeat("x\n", 1000)), TableFormat.Csv);

        Assert.Equal((1000, TableReader.DescribedMax), (content.BadRows, content.Described.Count));
    }

    private static async Task RoundTripAsync<T>(
        TableFormat format, TableSchema<T> schema, IReadOnlyList<T> rows,
        System.Text.Json.Serialization.Metadata.JsonTypeInfo<IReadOnlyList<T>> type)
    {
        using var stream = new MemoryStream();
        await TableWriter.WriteAsync(stream, format, schema, rows, CancellationToken.None);

        var content = TableReader.Read(stream.ToArray(), format, schema);

        Assert.Empty(content.Described);
        Assert.Equal(JsonSerializer.Serialize(rows, type), JsonSerializer.Serialize(content.Rows, type));
    }

    private static TableContent<Customer> Customers(string text, TableFormat format) => Read(text, format, TableSchemas.Customers);

    private static TableContent<T> Read<T>(string text, TableFormat format, TableSchema<T> schema) =>
        TableReader.Read(Encoding.UTF8.GetBytes(text), format, schema);
}
