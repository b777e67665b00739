namespace Orders.Native.Servers.Setup;

internal static class FileModes
{
    private const UnixFileMode Read = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode Execute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>The mode of a folder that only its owner may enter.</summary>
    public const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Makes a file executable by everyone.</summary>
    public static void MakeExecutable(string file) => File.SetUnixFileMode(file, File.GetUnixFileMode(file) | Read | Execute);

    /// <summary>
    /// Lets every user read and run what lies below a folder, whatever the umask was: a server that drops root's rights must
    /// still be able to read itself.
    /// </summary>
    public static void OpenToAll(string folder)
    {
        MakeExecutable(folder);
        var files = new DirectoryInfo(folder).EnumerateFileSystemInfos("*", SearchOption.AllDirectories);
        foreach (var entry in files.Where(entry => entry.LinkTarget is null))
        {
            var runnable = entry is DirectoryInfo || (entry.UnixFileMode & UnixFileMode.UserExecute) != 0;
            entry.UnixFileMode |= runnable ? Read | Execute : Read;
        }
    }
}
