using Orders.Native.Servers;

namespace Orders.Native.Hosting;

/// <summary>Passwords and keys that outlive a start, because the data they protect does.</summary>
internal static class CloneSecrets
{
    public static string GetOrCreate(AppHostMetadata metadata, string key) => Secrets(metadata).GetOrCreate(key);

    public static string GetOrCreate(AppHostMetadata metadata, string key, Func<string> create) =>
        Secrets(metadata).GetOrCreate(key, create);

    private static NativeSecrets Secrets(AppHostMetadata metadata) => new(new NativeLayout(metadata.NativeDirectory));
}
