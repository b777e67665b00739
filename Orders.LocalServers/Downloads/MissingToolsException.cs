namespace Orders.LocalServers;

/// <summary>The machine lacks something that servers need as processes. The message names all of it, and what to install.</summary>
public sealed class MissingToolsException : Exception
{
    public MissingToolsException()
    {
    }

    public MissingToolsException(string message)
        : base(message)
    {
    }

    public MissingToolsException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
