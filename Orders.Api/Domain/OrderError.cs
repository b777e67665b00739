using Orders.Contracts;

namespace Orders.Api.Domain;

/// <summary>
/// Everything that an order can be refused for, as a closed set of values. How each becomes an HTTP reply is decided in
/// one place, <c>Http/Problems.cs</c>.
/// </summary>
internal abstract record OrderError
{
    private OrderError()
    {
    }

    /// <summary>The request's shape is wrong; every wrong field is listed.</summary>
    public sealed record Invalid(IReadOnlyList<FieldError> Fields) : OrderError;

    /// <summary>The field names something that does not exist or cannot be used.</summary>
    public sealed record Unusable(string Field, string Reason) : OrderError;

    public sealed record NotFound(string What, string Id) : OrderError;

    /// <summary>The order's state does not allow the move. Nothing was changed.</summary>
    public sealed record IllegalMove(string OrderId, OrderStatus From, OrderStatus To) : OrderError;

    /// <summary>Some of the order is on its way already. Nothing was changed.</summary>
    public sealed record PartlyShipped(string OrderId) : OrderError;

    /// <summary>The parcel has arrived, is lost already, or pieces of it came back. Nothing was changed.</summary>
    public sealed record NotLosable(string OrderId, string ShipmentId, bool IsLost) : OrderError;

    /// <summary>Lines and address are settled. Nothing was changed.</summary>
    public sealed record NotEditable(string OrderId, OrderStatus Status) : OrderError;

    /// <summary>There is no payment that could be refunded.</summary>
    public sealed record NotPaid(string OrderId) : OrderError;

    /// <summary>More than what is left of the payment. Nothing was refunded.</summary>
    public sealed record RefundTooLarge(string OrderId, decimal Left, string Currency) : OrderError;

    /// <summary>There are not enough pieces. Nothing was taken.</summary>
    /// <param name="ProductId">The product.</param>
    /// <param name="Field">The line of the request that names it.</param>
    public sealed record OutOfStock(string ProductId, string Field) : OrderError;

    /// <summary>The caller decided on another version than the order has. Nothing was changed.</summary>
    public sealed record VersionMismatch(string OrderId, int Actual) : OrderError;

    /// <summary>A change that could overwrite somebody's work has to say which version it was decided on.</summary>
    public sealed record VersionRequired(string OrderId) : OrderError;

    /// <summary>The move is the shop's, not the customer's.</summary>
    public sealed record NotForCustomers(string What) : OrderError;

    /// <summary>The idempotency key was used for another request.</summary>
    public sealed record KeyReused : OrderError;

    /// <summary>Another order has this external id.</summary>
    public sealed record ExternalIdTaken(string ExternalId) : OrderError;

    /// <summary>The order would become too large for its event. Nothing was changed.</summary>
    /// <param name="Field">What there is too much of: <c>refunds</c>, <c>shipments</c>, <c>returns</c>, or the whole <c>order</c>.</param>
    /// <param name="Reason">How much there would be and how much may be.</param>
    public sealed record TooLarge(string Field, string Reason) : OrderError;

    /// <summary>Other changes of the same order kept winning. Nothing was changed; the caller may try again.</summary>
    public sealed record Contended(string OrderId) : OrderError;
}

/// <param name="Field">Path of the field in the request, e.g. <c>items[0].quantity</c>.</param>
/// <param name="Reason">What is wrong with it, for people.</param>
internal sealed record FieldError(string Field, string Reason);

/// <summary>Either a value or the reason why there is none.</summary>
internal readonly struct Outcome<T>
    where T : class
{
    public Outcome(T? value, OrderError? error)
    {
        Value = value;
        Error = error;
    }

    public T? Value { get; }

    public OrderError? Error { get; }

    public static implicit operator Outcome<T>(T value) => new(value, null);

    public static implicit operator Outcome<T>(OrderError error) => new(null, error);
}
