using System.Reflection;
using Orders.Api.Http;

namespace Orders.Api.Docs;

/// <summary>Decimals that a number may have at most; more are refused, never rounded away.</summary>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.Property)]
internal sealed class DecimalsAttribute(int count) : Attribute
{
    public int Count => count;
}

/// <summary>A member that is bound as bare JSON, so that absent and null can be told apart, and then read as this type.</summary>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.Property)]
internal sealed class ReadAsAttribute(Type type) : Attribute
{
    public Type Type => type;
}

/// <summary>
/// 1 to a limit of <see cref="ApiLimits"/>: so many items, so many characters, or a number up to it. For what is an option and so no
/// constant.
/// </summary>
/// <param name="limit">The limit's name: <c>[UpTo(nameof(ApiLimits.OrderLinesMax))]</c>.</param>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.Property)]
internal sealed class UpToAttribute(string limit) : Attribute
{
    public int Value => (int)typeof(ApiLimits).GetProperty(limit, BindingFlags.Public | BindingFlags.Static)!.GetValue(null)!;
}
