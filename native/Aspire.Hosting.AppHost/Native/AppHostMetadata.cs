using System.Reflection;
using Aspire.Hosting;

namespace Orders.Native.Hosting;

/// <summary>What Projects.targets wrote into the AppHost's assembly at build time.</summary>
internal sealed record AppHostMetadata(string? ProjectDirectory, string? CloneDirectory)
{
    /// <summary>Everything that the native stack unpacks, stores or writes.</summary>
    public string NativeDirectory => Path.Combine(Root, "artifacts", "native");

    public string SourceDirectory => Path.Combine(Root, "native");

    private string Root => CloneDirectory
        ?? throw new DistributedApplicationException("The AppHost was built without native/Aspire.Hosting.AppHost/Projects.targets.");

    public static AppHostMetadata Of(Assembly? assembly)
    {
        var values = assembly?.GetCustomAttributes<AssemblyMetadataAttribute>().ToLookup(a => a.Key, a => a.Value);
        return new(values?["AppHostProjectPath"].FirstOrDefault(), values?["OrdersCloneDirectory"].FirstOrDefault());
    }
}

/// <summary>A referenced project's built assembly; generated next to its path.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class BuiltAssemblyAttribute(string path) : Attribute
{
    public string Path { get; } = path;
}
