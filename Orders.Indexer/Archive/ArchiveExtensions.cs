using Microsoft.Extensions.Options;
using Orders.Indexer.Jobs;
using Orders.Indexer.Streams;

namespace Orders.Indexer.Archive;

internal static class ArchiveExtensions
{
    /// <summary>Keeps every event in files, in a folder or, where one is named, in a bucket.</summary>
    public static void AddArchive(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<ArchiveOptions>().BindConfiguration(ArchiveOptions.Section).ValidateDataAnnotations()
            .Validate(options => options.AccessKey is null == options.SecretKey is null, "AccessKey and SecretKey go together")
            .Validate(options => options.OrphanGrace >= options.Timeout, "OrphanGrace must not be shorter than Timeout")
            .ValidateOnStart();
        builder.Services.AddSingleton<IArchiveStore>(services =>
            services.GetRequiredService<IOptions<ArchiveOptions>>() is { Value.Bucket.Length: > 0 } options
                ? new BucketArchive(options)
                : new FolderArchive(services.GetRequiredService<IOptions<ArchiveOptions>>()));
        builder.Services.AddSingleton<ArchiveRecords>();
        builder.AddProjection<ArchiveProjection>();
        builder.Services.AddHostedService<ArchiveHousekeeping>();
        builder.AddJob<ArchiveVerifyJob>();
    }
}
