/*
 * orders-run: stands before a server whose habits a process supervisor does not know.
 *
 *   orders-run --stop-signal-int -- postgres ...
 *       PostgreSQL waits for its clients to leave on SIGTERM; its quick clean stop is SIGINT. Stays as the parent, passes signals on
 *       with TERM turned into INT, ends with the server's exit code. If this process is killed, the server gets SIGQUIT.
 *
 *   orders-run --forget-broker ZOOKEEPER_PORT -- java ... kafka.Kafka ...
 *       A broker that was killed stays registered in ZooKeeper until its session expires, and Kafka 0.9 refuses to start while
 *       "itself" is there. Waits for ZooKeeper, deletes the two left-over nodes and becomes the server (exec). Only for a single
 *       broker with id 0, whose data folder nobody else uses.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { ZOOKEEPER_DEADLINE_S = 60, RETRY_MS = 50, IO_TIMEOUT_S = 5 };
enum { OP_DELETE = 2, OP_CLOSE = -11, NO_NODE = -101 };

static void fail(const char *what)
{
    fprintf(stderr, "orders-run: %s: %s\n", what, strerror(errno));
    exit(1);
}

static char *put_int(char *at, int value)
{
    int big_endian = (int)htonl((unsigned)value);
    memcpy(at, &big_endian, 4);
    return at + 4;
}

static int get_int(const char *at)
{
    unsigned value;
    memcpy(&value, at, 4);
    return (int)ntohl(value);
}

static int send_all(int fd, const char *data, size_t length)
{
    while (length > 0) {
        ssize_t sent = send(fd, data, length, MSG_NOSIGNAL);
        if (sent <= 0) return -1;
        data += sent;
        length -= (size_t)sent;
    }
    return 0;
}

static int receive_all(int fd, char *data, size_t length)
{
    while (length > 0) {
        ssize_t got = recv(fd, data, length, 0);
        if (got <= 0) return -1;
        data += got;
        length -= (size_t)got;
    }
    return 0;
}

/* Reads one length-prefixed reply; returns its length, or -1. */
static int receive_reply(int fd, char *reply, int size)
{
    char prefix[4];
    if (receive_all(fd, prefix, 4) < 0) return -1;
    int length = get_int(prefix);
    if (length < 0 || length > size || receive_all(fd, reply, (size_t)length) < 0) return -1;
    return length;
}

/* Opens a ZooKeeper session: a socket, or -1 when nobody answers yet. */
static int open_session(int port)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) fail("socket");
    struct timeval timeout = { IO_TIMEOUT_S, 0 };
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((unsigned short)port) };
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);

    /* length, protocol 0, last zxid 0 (8 bytes), timeout, session id 0 (8 bytes), a password of 16 zero bytes, not read-only */
    char request[49] = { 0 };
    put_int(request, 45);
    put_int(request + 16, IO_TIMEOUT_S * 1000);
    put_int(request + 28, 16);
    char reply[64];
    if (connect(fd, (struct sockaddr *)&address, sizeof address) < 0
        || send_all(fd, request, sizeof request) < 0
        || receive_reply(fd, reply, sizeof reply) < 0) {
        close(fd);
        return -1;
    }
    return fd;
}

static int wait_for_session(int port)
{
    struct timespec pause = { 0, RETRY_MS * 1000000L };
    for (int waited_ms = 0; waited_ms < ZOOKEEPER_DEADLINE_S * 1000; waited_ms += RETRY_MS) {
        int fd = open_session(port);
        if (fd >= 0) return fd;
        nanosleep(&pause, NULL);
    }
    errno = ETIMEDOUT;
    fail("ZooKeeper");
    return -1;
}

static void delete_node(int fd, int request_id, const char *path)
{
    char request[128];
    int path_length = (int)strlen(path);
    char *end = put_int(request, 16 + path_length);
    end = put_int(end, request_id);
    end = put_int(end, OP_DELETE);
    end = put_int(end, path_length);
    memcpy(end, path, (size_t)path_length);
    end = put_int(end + path_length, -1);

    /* request id, zxid (8 bytes), error */
    char reply[64];
    if (send_all(fd, request, (size_t)(end - request)) < 0 || receive_reply(fd, reply, sizeof reply) < 16) fail(path);
    int error = get_int(reply + 12);
    if (error != 0 && error != NO_NODE) {
        fprintf(stderr, "orders-run: ZooKeeper refuses to delete %s: error %d\n", path, error);
        exit(1);
    }
    if (error == 0) fprintf(stderr, "orders-run: deleted %s, left by a broker that was killed\n", path);
}

static void forget_broker(int zookeeper_port)
{
    int fd = wait_for_session(zookeeper_port);
    delete_node(fd, 1, "/brokers/ids/0");
    delete_node(fd, 2, "/controller");
    char request[12], reply[64];
    put_int(put_int(put_int(request, 8), 3), OP_CLOSE);
    if (send_all(fd, request, sizeof request) < 0 || receive_reply(fd, reply, sizeof reply) < 0) fail("closing the session");
    close(fd);
}

static void become(char **command)
{
    execvp(command[0], command);
    fail(command[0]);
}

static int run_with_stop_signal_int(char **command)
{
    sigset_t watched, before;
    sigemptyset(&watched);
    int passed_on[] = { SIGTERM, SIGINT, SIGQUIT, SIGHUP, SIGUSR1, SIGUSR2, SIGCHLD };
    for (size_t i = 0; i < sizeof passed_on / sizeof *passed_on; i++) sigaddset(&watched, passed_on[i]);
    sigprocmask(SIG_BLOCK, &watched, &before);

    pid_t parent = getpid();
    pid_t child = fork();
    if (child < 0) fail("fork");
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGQUIT);
        if (getppid() != parent) exit(1);
        sigprocmask(SIG_SETMASK, &before, NULL);
        become(command);
    }

    for (;;) {
        int number = sigwaitinfo(&watched, NULL);
        int status;
        if (number == SIGCHLD && waitpid(child, &status, WNOHANG) == child) {
            return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
        }
        if (number > 0 && number != SIGCHLD) kill(child, number == SIGTERM ? SIGINT : number);
    }
}

int main(int argc, char **argv)
{
    if (argc >= 4 && strcmp(argv[1], "--stop-signal-int") == 0 && strcmp(argv[2], "--") == 0) {
        return run_with_stop_signal_int(argv + 3);
    }
    if (argc >= 5 && strcmp(argv[1], "--forget-broker") == 0 && strcmp(argv[3], "--") == 0) {
        forget_broker(atoi(argv[2]));
        become(argv + 4);
    }
    fprintf(stderr, "usage: orders-run --stop-signal-int -- COMMAND... | --forget-broker ZOOKEEPER_PORT -- COMMAND...\n");
    return 2;
}
