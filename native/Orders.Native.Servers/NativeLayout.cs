namespace Orders.Native.Servers;

/// <summary>Where the native stack keeps its files. Everything is below one folder that git ignores.</summary>
/// <param name="Root">The folder of the native stack, <c>artifacts/native</c> of the clone.</param>
public sealed record NativeLayout(string Root)
{
    /// <summary>The unpacked programs, one folder per tool and version.</summary>
    public string Tools => Path.Combine(Root, "tools");

    /// <summary>The servers' data; what a data volume is to a container.</summary>
    public string Data => Path.Combine(Root, "data");

    /// <summary>Generated passwords and keys, readable by the owner only.</summary>
    public string Secrets => Path.Combine(Root, "secrets.json");
}
