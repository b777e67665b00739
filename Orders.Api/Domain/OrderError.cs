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
    private Outcome(T? value, OrderError? error)
    {
        Value = value;
        Error = error;
    }

    public T? Value { get; }

    public OrderError? Error { get; }

    public static implicit operator Outcome<T>(T value) => new(value, null);

    public static implicit operator Outcome<T>(OrderError error) => new(null, error);
}
