// A simulated clock. With VAQF_SCHEDULE the C simulation counts cycles; in hardware there is nothing.
#pragma once

#ifndef VAQF_SCHEDULE

#define SCHEDULE_MEMORY(word_bits, memory_bits) (void)0
#define SCHEDULE_ENGINE(name, overhead) (void)0
#define SCHEDULE_PIPELINED(is_first, interval, depth) (void)0
#define SCHEDULE_CYCLES(cycles) (void)0
#define SCHEDULE_BURST(is_first, interval, depth, words) (void)0
#define SCHEDULE_FORK() (void)0
#define SCHEDULE_STAGE() (void)0
#define SCHEDULE_JOIN() (void)0

#else

#include <map>
#include <string>
#include <vector>

/// What was simulated of one engine.
struct engine_cycles {
    long long calls = 0;
    long long cycles = 0;
};

/// The time in cycles, and where it went.
class schedule_clock {
public:
    long long now = 0;
    std::map<std::string, engine_cycles> engines;

    /// All ports together move `bits` in a cycle, each of them one word.
    void memory(int word, int bits) {
        word_bits = word;
        memory_bits = bits;
    }

    /// Words are moved from or to the memory.
    void move(int count) { words += count; }

    /// A call of an engine starts.
    void enter() {
        ++depth;
        groups.push_back({now, now, words});
    }

    /// It ends; gives its cycles.
    long long leave() {
        --depth;
        const group call = groups.back();
        groups.pop_back();
        wait(call);
        return now - call.start;
    }

    /// Stages that run at the same time follow.
    void fork() { groups.push_back({now, now, words}); }

    /// A stage is over: the next one starts when the group did.
    void stage() {
        if (now > groups.back().end) groups.back().end = now;
        now = groups.back().start;
    }

    /// All stages are over: the group ends with the last of them.
    void join() {
        const group stages = groups.back();
        groups.pop_back();
        now = stages.end;
        if (depth == 0) wait(stages);
    }

private:
    struct group {
        long long start, end, words;
    };
    std::vector<group> groups;
    int depth = 0;
    long long words = 0;
    long long word_bits = 0, memory_bits = 1;

    /// The memory has to keep up with all words that were moved since `from`.
    void wait(const group& from) {
        const long long moved = ((words - from.words) * word_bits + memory_bits - 1) / memory_bits;
        if (now < from.start + moved) now = from.start + moved;
    }
};

/// The clock of this program.
inline schedule_clock& simulated_clock() {
    static schedule_clock clock;
    return clock;
}

/// One call of an engine, which ends with the scope.
class scheduled_call {
public:
    scheduled_call(const char* name, int overhead) : name(name) {
        simulated_clock().enter();
        simulated_clock().now += overhead;
    }
    ~scheduled_call() {
        engine_cycles& engine = simulated_clock().engines[name];
        ++engine.calls;
        engine.cycles += simulated_clock().leave();
    }

private:
    const char* name;
};

#define SCHEDULE_MEMORY(word_bits, memory_bits) simulated_clock().memory(word_bits, memory_bits)
#define SCHEDULE_ENGINE(name, overhead) const scheduled_call schedule_of_call(#name, overhead)
#define SCHEDULE_PIPELINED(is_first, interval, depth) simulated_clock().now += (is_first) ? (depth) : (interval)
#define SCHEDULE_CYCLES(cycles) simulated_clock().now += (cycles)
#define SCHEDULE_BURST(is_first, interval, depth, words) \
    simulated_clock().move(words), simulated_clock().now += (is_first) ? (depth) : (interval)
#define SCHEDULE_FORK() simulated_clock().fork()
#define SCHEDULE_STAGE() simulated_clock().stage()
#define SCHEDULE_JOIN() simulated_clock().join()

#endif
