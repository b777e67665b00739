using Orders.Api.Domain;
using Orders.Api.Http;
using Orders.Contracts;

namespace Orders.Api.Features.Bulk;

/// <summary>Payment and refunds of a line: the whole total was paid, and never more went back.</summary>
internal static class ImportMoney
{
    public const string UnknownMethod = "unknown";

    /// <summary>Percent. No country's VAT is higher; beyond it a tax is more likely a mistake.</summary>
    private const decimal FlatRateMax = 30;

    /// <param name="order">The order with its sums.</param>
    /// <param name="line">The line.</param>
    /// <param name="times">Its times; paid orders have one for it.</param>
    /// <param name="check">Where what does not fit goes.</param>
    public static OrderState Paid(OrderState order, ImportLine line, ImportTimes times, Check check)
    {
        if (times.Paid is not { } paidAt)
        {
            if (line.Payment is not null) check.Fail("payment", Unpaid(order));
            if (line.Refunds is { Count: > 0 }) check.Fail("refunds", Unpaid(order));
            if (line.Refunded > 0) check.Fail("refunded", Unpaid(order));
            if (line.Owed > 0) check.Fail("owed", Unpaid(order));
            return order;
        }

        // Whatever arrived after the order had ended was kept.
        if (!times.IsPaidLate) check.Agrees("payment.amount", line.Payment?.Amount, order.Total, "the order's total");
        else check.Decimals("payment.amount", line.Payment?.Amount ?? order.Total, Currencies.DecimalsOf(order.Currency), Money.Max);
        var amount = times.IsPaidLate && line.Payment?.Amount is { } late ? Money.Round(late, order.Currency) : order.Total;
        if (line.Payment?.At is { } at && at != paidAt) check.Fail("payment.at", "must be paid_at");
        var refunds = Refunds(line, order.Id, paidAt, check);
        var refunded = Money.Round(refunds?.Sum(refund => refund.Amount) ?? 0, order.Currency);
        check.Agrees("refunded", line.Refunded, refunded, "the sum of the refunds");
        if (refunded > amount) check.Fail("refunds", FormattableString.Invariant($"must be at most the payment together, {amount}"));
        var paid = order with
        {
            Payment = new PaymentState
            {
                Method = line.Payment?.Method ?? UnknownMethod, Reference = line.Payment?.Reference, Amount = amount, At = paidAt,
            },
            Refunded = refunds is null ? null : refunded,
            Refunds = refunds,
        };
        paid = paid.Balanced();
        check.Agrees("owed", line.Owed, paid.Owed ?? 0, "paid, not refunded and for nothing that is to come");
        return paid;
    }

    /// <summary>
    /// The order with its tax, by the rates that the line gives; without any the order had one rate, 21 % or the one that its tax says.
    /// </summary>
    public static OrderState Taxed(OrderState order, ImportLine line, Check check)
    {
        var taxed = order.Taxed();
        var hasRates = order.ShippingTaxRate is not null || order.Items.Any(item => item.TaxRate is not null);
        if (!hasRates && line.Tax is { } tax && tax != taxed.Tax && FlatRate(order, tax) is { } rate)
        {
            taxed = (order with
            {
                ShippingTaxRate = rate, Items = [.. order.Items.Select(item => item with { TaxRate = rate })],
            }).Taxed();
        }

        check.Agrees("tax", line.Tax, taxed.Tax,
            "the VAT contained in the total; rates other than 21 % are given as items[].tax_rate and shipping_tax_rate");
        for (var i = 0; i < taxed.Items.Count && i < line.Items!.Count; i++)
        {
            if (line.Items[i]!.Tax is { } given)
                check.Agrees<decimal>(new Entry("items", i).Field("tax"), given, taxed.Items[i].Tax ?? 0, "the VAT contained in the line");
        }

        return taxed;
    }

    /// <summary>The rate, in tenths of a percent, by which the whole order was taxed; null when none gives that tax.</summary>
    private static decimal? FlatRate(OrderState order, decimal tax)
    {
        if (tax < 0 || tax >= order.Total) return null;
        var implied = tax * 100 / (order.Total - tax);
        decimal[] near = [decimal.Round(implied), decimal.Floor(implied * 10) / 10, decimal.Ceiling(implied * 10) / 10];
        foreach (var rate in near)
        {
            if (rate <= FlatRateMax && Vat.In(order.Total, rate, order.Currency) == tax) return rate;
        }

        return null;
    }

    /// <summary>The terms of the order's code; edits apply them here too.</summary>
    public static DiscountTerms? Terms(ImportLine line, Check check)
    {
        if (line.DiscountTerms is not { } terms) return null;
        if (line.DiscountCode is null) check.Fail("discount_terms", "must be absent: there is no discount_code");
        if ((terms.Percent is null) == (terms.Amount is null)) check.Fail("discount_terms", "must have either percent or amount");
        if (terms.Percent is not null) check.Decimals("discount_terms.percent", terms.Percent, 2, 100);
        var decimals = Currencies.DecimalsOf(line.Currency!);
        if (terms.Amount is not null) check.Decimals("discount_terms.amount", terms.Amount, decimals, Money.Max);
        if (terms.MinSubtotal is not null) check.Decimals("discount_terms.min_subtotal", terms.MinSubtotal, decimals, Money.Max);
        return new DiscountTerms { Percent = terms.Percent, Amount = terms.Amount, MinSubtotal = terms.MinSubtotal };
    }

    private static IReadOnlyList<RefundState>? Refunds(ImportLine line, string orderId, DateTimeOffset paidAt, Check check)
    {
        if (line.Refunds is not { Count: > 0 } given) return null;
        var refunds = new RefundState[given.Count];
        var last = paidAt;
        for (var i = 0; i < given.Count; i++)
        {
            var (at, refund) = (new Entry("refunds", i), given[i]!);
            var when = refund.At!.Value;
            if (when < last) check.Fail(at.Field("at"), i == 0 ? "must not be earlier than paid_at"
                : "must not be earlier than the one before");
            last = when;
            refunds[i] = new RefundState
            {
                Id = refund.Id ?? DerivedIds.Of(OrderIds.RefundPrefix, orderId, when, i),
                Amount = Money.Round(refund.Amount!.Value, line.Currency!), Reason = refund.Reason, Reference = refund.Reference, At = when,
                Lines = refund.Lines is null ? null : ImportParcels.Lines(refund.Lines), ReturnId = refund.ReturnId,
            };
        }

        DerivedIds.Distinct(refunds, refund => refund.Id, "refunds", check);
        return refunds;
    }

    private static string Unpaid(OrderState order) => $"must be absent: an order that is {order.Status.ToWire()} was not paid";
}
