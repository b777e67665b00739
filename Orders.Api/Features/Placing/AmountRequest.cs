using Orders.Api.Domain;
using Orders.Api.Http;

namespace Orders.Api.Features.Placing;

/// <summary>
/// An order of an amount of money, from a system that names no products: one line, one piece, whose price is the amount to the cent. It
/// weighs nothing, so shipping adds nothing, and the order's total is the amount. It takes nothing from stock and gives nothing back.
/// </summary>
/// <param name="CustomerId">Who buys; the order goes to the first of their addresses by id.</param>
/// <param name="Amount">More than zero, VAT included, in the shop's currency.</param>
/// <param name="Channel">Where the order comes from.</param>
/// <param name="ExternalId">The other system's own id of the order, unique.</param>
/// <param name="Line">What the line is called.</param>
internal sealed record AmountRequest(string? CustomerId, decimal? Amount, string Channel, string? ExternalId, AmountLine Line)
{
    public Check Validate(string currency)
    {
        var check = new Check();
        check.Text("customer_id", CustomerId, max: 64);
        if (check.Decimals("amount", Amount, Currencies.DecimalsOf(currency), Money.Max) && Amount == 0)
            check.Fail("amount", "must be more than 0");
        if (ExternalId is not null) check.Text("external_id", ExternalId, max: 128);
        return check;
    }

    public Product ToProduct(string currency, DateTimeOffset now) => new()
    {
        Id = Line.ProductId, Sku = Line.Sku, Name = Line.Name, Description = "", Category = Line.Category, Manufacturer = "",
        Price = Amount!.Value, Currency = currency, Weight = 0, Stock = 0, Active = true, CreatedAt = now, UpdatedAt = now,
    };
}

/// <summary>The product that stands for an amount. It is in no catalogue.</summary>
internal sealed record AmountLine(string ProductId, string Sku, string Name, string Category);
