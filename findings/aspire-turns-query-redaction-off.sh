#!/usr/bin/env bash
# Aspire.Hosting 13.6.5 with OpenTelemetry.Instrumentation.AspNetCore 1.20.2
#
# The instrumentation replaces values of query strings in spans by "Redacted", because they may hold personal data. One would expect that a
# service keeps this default when an AppHost starts it: the AppHost is told nothing about telemetry here.
# An AppHost whose environment is Development turns the redaction off in every project that it runs (the service itself runs as
# Production): searched names arrive in the traces as they were typed. An AppHost in Production leaves it on.
# Orders therefore removes the attribute url.query itself.
#
# Output seen:
#   alone:   url.query=?q=Redacted
#   AppHost, Production: url.query=?q=Redacted
#   AppHost, Development: url.query=?q=some.name
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
mkdir web host
cat > Directory.Build.props <<'X'
<Project><PropertyGroup><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings></PropertyGroup></Project>
X
cat > web/web.csproj <<'X'
<Project Sdk="Microsoft.NET.Sdk.Web">
  <ItemGroup>
    <PackageReference Include="OpenTelemetry.Extensions.Hosting" Version="1.20.1" />
    <PackageReference Include="OpenTelemetry.Instrumentation.AspNetCore" Version="1.20.2" />
  </ItemGroup>
</Project>
X
cat > web/Program.cs <<'X'
using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Trace;

var builder = WebApplication.CreateBuilder(args);
builder.Logging.ClearProviders();
builder.WebHost.UseUrls("http://127.0.0.1:0");
builder.Services.AddOpenTelemetry().WithTracing(tracing => tracing.AddAspNetCoreInstrumentation().AddProcessor(new Note()));
var app = builder.Build();
app.MapGet("/search", () => "found");
await app.StartAsync();
using var http = new HttpClient();
await http.GetStringAsync(app.Urls.First() + "/search?q=some.name");
await app.StopAsync();

internal sealed class Note : BaseProcessor<Activity>
{
    public override void OnEnd(Activity span) =>
        File.AppendAllText(Environment.GetEnvironmentVariable("NOTE")!, $"url.query={span.GetTagItem("url.query")}\n");
}
X
cat > host/host.csproj <<'X'
<Project Sdk="Aspire.AppHost.Sdk/13.6.4">
  <PropertyGroup><OutputType>Exe</OutputType><NoWarn>$(NoWarn);ASPIRE010</NoWarn></PropertyGroup>
  <ItemGroup>
    <PackageReference Include="Aspire.Hosting.AppHost" Version="13.6.5" />
    <PackageReference Include="Polly.Core" Version="8.9.1" />
    <PackageReference Include="Nerdbank.MessagePack" Version="1.4.104" />
    <ProjectReference Include="../web/web.csproj" />
  </ItemGroup>
</Project>
X
cat > host/Program.cs <<'X'
var builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions { Args = args, DisableDashboard = true });
builder.AddProject<Projects.web>("web").WithEnvironment("NOTE", Environment.GetEnvironmentVariable("NOTE"));
builder.Build().Run();
X
dotnet build host -v q -clp:ErrorsOnly

NOTE="$work/alone" dotnet run --no-build --project web > /dev/null
alone=$(head -n 1 alone)
hosted() {
  NOTE="$work/$1" DOTNET_ENVIRONMENT="$1" timeout -s INT 60 dotnet host/bin/Debug/net10.0/host.dll > "host-$1.log" 2>&1 &
  local host=$!
  for _ in $(seq 1 240); do [ -s "$1" ] && break; sleep 0.2; done
  kill -INT "$host" 2>/dev/null || true
  wait "$host" || true
  head -n 1 "$1" 2>/dev/null || true
}
production=$(hosted Production)
development=$(hosted Development)

echo "alone:   $alone"
echo "AppHost, Production: $production"
echo "AppHost, Development: $development"
redacted="url.query=?q=Redacted"
[ "$alone" = "$redacted" ] && [ "$production" = "$redacted" ] && [ "$development" = "url.query=?q=some.name" ]
