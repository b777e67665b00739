using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace Orders.Native.Hosting;

/// <summary>A default that is made once and kept with the clone's other secrets.</summary>
internal sealed class PersistedParameterDefault(IDistributedApplicationBuilder builder, string key, ParameterDefault value)
    : ParameterDefault
{
    public override string GetDefaultValue() =>
        CloneSecrets.GetOrCreate(AppHostMetadata.Of(builder.AppHostAssembly), key, value.GetDefaultValue);
}
