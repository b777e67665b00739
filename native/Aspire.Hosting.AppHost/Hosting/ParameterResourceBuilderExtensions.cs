using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;
using Orders.Native.Hosting;

namespace Aspire.Hosting;

/// <summary>Values from outside.</summary>
public static class ParameterResourceBuilderExtensions
{
    /// <summary>A value from configuration key <c>Parameters:{name}</c>.</summary>
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder, string name, bool secret = false) =>
        Add(builder, name, secret, null, null);

    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder, string name, string value, bool publishValueAsDefault = false, bool secret = false) =>
        Add(builder, name, secret, null, () => value);

    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder, string name, Func<string> valueGetter,
            bool publishValueAsDefault = false, bool secret = false) =>
        Add(builder, name, secret, null, valueGetter);

    /// <summary>A value from configuration, or the default; with <paramref name="persist"/> the default is made once per clone.</summary>
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder, string name, ParameterDefault value, bool secret = false, bool persist = false) =>
        Add(builder, name, secret, persist ? new PersistedParameterDefault(builder, $"Parameters:{name}", value) : value, null);

    public static IResourceBuilder<ParameterResource> AddParameterFromConfiguration(
        this IDistributedApplicationBuilder builder, string name, string configurationKey, bool secret = false) =>
        builder.AddResource(new ParameterResource(name, _ => Configured(builder.Configuration, configurationKey, name), secret));

    public static IResourceBuilder<ParameterResource> WithDescription(
        this IResourceBuilder<ParameterResource> builder, string description, bool enableMarkdown = false)
    {
        builder.Resource.Description = description;
        return builder;
    }

    /// <summary>A random password, not among the resources; configuration key <c>Parameters:{name}</c> overrides it.</summary>
    public static ParameterResource CreateDefaultPasswordParameter(
        IDistributedApplicationBuilder builder,
        string name,
        bool lower = true,
        bool upper = true,
        bool numeric = true,
        bool special = true,
        int minLower = 0,
        int minUpper = 0,
        int minNumeric = 0,
        int minSpecial = 0)
    {
        var generate = new GenerateParameterDefault
        {
            Lower = lower,
            Upper = upper,
            Numeric = numeric,
            Special = special,
            MinLower = minLower,
            MinUpper = minUpper,
            MinNumeric = minNumeric,
            MinSpecial = minSpecial,
        };
        return new ParameterResource(name, d =>
            builder.Configuration[$"Parameters:{name}"] ?? d!.GetDefaultValue(), secret: true) { Default = generate };
    }

    private static IResourceBuilder<ParameterResource> Add(
        IDistributedApplicationBuilder builder, string name, bool secret, ParameterDefault? value, Func<string>? getter)
    {
        var key = $"Parameters:{name}";
        return builder.AddResource(new ParameterResource(
            name,
            d => getter is not null ? getter() : builder.Configuration[key] ?? d?.GetDefaultValue()
                ?? Configured(builder.Configuration, key, name),
            secret) { Default = value });
    }

    private static string Configured(IConfiguration configuration, string key, string name) => configuration[key]
        ?? throw new MissingParameterValueException(
            $"Parameter resource could not be used because configuration key '{key}' is missing: give parameter '{name}' a value.");
}
