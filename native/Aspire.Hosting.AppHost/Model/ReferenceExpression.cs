using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A text made of literals and values that are known only at run time.</summary>
public class ReferenceExpression : IExpressionValue, IValueWithReferences
{
    public static readonly ReferenceExpression Empty = new("", [], []);

    private readonly string?[] _formats;

    private ReferenceExpression(string format, IValueProvider[] providers, string?[] formats)
    {
        Format = format;
        ValueProviders = providers;
        _formats = formats;
    }

    /// <summary>A composite format string; the values are its arguments.</summary>
    public string Format { get; }

    public IReadOnlyList<IValueProvider> ValueProviders { get; }

    public string ValueExpression => string.Format(
        CultureInfo.InvariantCulture,
        Format,
        [.. ValueProviders.Select(object? (p) => p is IManifestExpressionProvider m ? m.ValueExpression : "{value}")]);

    IEnumerable<object> IValueWithReferences.References => ValueProviders;

    public static ReferenceExpression Create(in ExpressionInterpolatedStringHandler handler) => handler.GetExpression();

    public async ValueTask<string?> GetValueAsync(CancellationToken cancellationToken)
    {
        if (Format.Length == 0)
            return null;

        var values = new object?[ValueProviders.Count];
        for (var i = 0; i < values.Length; i++)
        {
            var value = await ValueProviders[i].GetValueAsync(cancellationToken).ConfigureAwait(false);
            values[i] = string.Equals(_formats[i], "uri", StringComparison.OrdinalIgnoreCase) && value is not null
                ? Uri.EscapeDataString(value)
                : value;
        }

        return string.Format(CultureInfo.InvariantCulture, Format, values);
    }

    /// <summary>Collects the parts of an interpolated string; strings are literals, everything else is resolved at run time.</summary>
    [InterpolatedStringHandler]
    public ref struct ExpressionInterpolatedStringHandler(int literalLength, int formattedCount)
    {
        private readonly StringBuilder _format = new(literalLength * 2);
        private readonly List<IValueProvider> _providers = new(formattedCount);
        private readonly List<string?> _formats = new(formattedCount);

        public readonly void AppendLiteral(string value) =>
            _format.Append(value.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal));

        public readonly void AppendFormatted(string? value) => AppendFormatted(value, null);

        public readonly void AppendFormatted(string? value, string? format = null) =>
            AppendLiteral(value is null ? "" : string.Equals(format, "uri", StringComparison.OrdinalIgnoreCase)
                ? Uri.EscapeDataString(value) : value);

        public readonly void AppendFormatted<T>(T valueProvider)
            where T : IValueProvider, IManifestExpressionProvider => AppendFormatted(valueProvider, null);

        public readonly void AppendFormatted<T>(T valueProvider, string? format = null)
            where T : IValueProvider, IManifestExpressionProvider
        {
            _format.Append('{').Append(_providers.Count).Append('}');
            _providers.Add(valueProvider);
            _formats.Add(format);
        }

        public readonly void AppendFormatted<T>(IResourceBuilder<T> resource)
            where T : IResource, IValueProvider, IManifestExpressionProvider => AppendFormatted(resource.Resource, null);

        public readonly void AppendFormatted<T>(IResourceBuilder<T> resource, string? format = null)
            where T : IResource, IValueProvider, IManifestExpressionProvider => AppendFormatted(resource.Resource, format);

        internal readonly ReferenceExpression GetExpression() => new(_format.ToString(), [.. _providers], [.. _formats]);
    }
}

/// <summary>Builds an expression in steps, for connection strings with optional parts.</summary>
public class ReferenceExpressionBuilder
{
    private readonly List<ReferenceExpression> _parts = [];

    public bool IsEmpty => _parts.Count == 0;

    public void Append(in ReferenceExpression.ExpressionInterpolatedStringHandler handler) =>
        _parts.Add(ReferenceExpression.Create(handler));

    public void AppendLiteral(string value) => _parts.Add(ReferenceExpression.Create($"{value}"));

    public ReferenceExpression Build()
    {
        var handler = new ReferenceExpression.ExpressionInterpolatedStringHandler(0, _parts.Count);
        foreach (var part in _parts)
            handler.AppendFormatted(part);
        return ReferenceExpression.Create(handler);
    }
}
