using System.Collections.ObjectModel;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Something attached to a resource that says how it is run, shown or referenced.</summary>
public interface IResourceAnnotation;

/// <summary>A part of the application: a server, a service, a database, a parameter.</summary>
public interface IResource
{
    /// <summary>Unique name in the application.</summary>
    string Name { get; }

    ResourceAnnotationCollection Annotations { get; }
}

public sealed class ResourceAnnotationCollection : Collection<IResourceAnnotation>;

/// <summary>Base of all resources.</summary>
public abstract class Resource : IResource
{
    protected Resource(string name)
    {
        ResourceName.Validate(name);
        Name = name;
    }

    public virtual string Name { get; }

    public virtual ResourceAnnotationCollection Annotations { get; } = [];
}

public interface IResourceWithEnvironment : IResource;

public interface IResourceWithArgs : IResource;

public interface IResourceWithWaitSupport : IResource;

public interface IResourceWithEndpoints : IResource;

public interface IResourceWithParent : IResource
{
    IResource Parent { get; }
}

public interface IResourceWithParent<out T> : IResourceWithParent
    where T : IResource
{
    new T Parent { get; }

    IResource IResourceWithParent.Parent => Parent;
}

/// <summary>A server of another make. On this stack it is a process started from a pinned distribution.</summary>
public class ContainerResource(string name, string? entrypoint = null)
    : Resource(name), IResourceWithEnvironment, IResourceWithArgs, IResourceWithEndpoints, IResourceWithWaitSupport
{
    public string? Entrypoint { get; set; } = entrypoint;
}

public class ExecutableResource(string name, string command, string workingDirectory)
    : Resource(name), IResourceWithEnvironment, IResourceWithArgs, IResourceWithServiceDiscovery, IResourceWithWaitSupport
{
    public string Command { get; } = command;

    public string WorkingDirectory { get; } = workingDirectory;
}

public class ProjectResource(string name)
    : Resource(name), IResourceWithEnvironment, IResourceWithArgs, IResourceWithServiceDiscovery, IResourceWithWaitSupport;

internal static class ResourceName
{
    /// <summary>Letters, digits and hyphens, starting with a letter: names become host names, file names and environment
    /// variables.</summary>
    public static void Validate(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var valid = name.Length <= 64 && char.IsAsciiLetter(name[0]) && name[^1] != '-'
            && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '-') && !name.Contains("--", StringComparison.Ordinal);
        if (!valid)
        {
            throw new ArgumentException(
                $"Resource name '{name}' is invalid: ASCII letters, digits and single hyphens, a letter first, at most 64.", nameof(name));
        }
    }
}
