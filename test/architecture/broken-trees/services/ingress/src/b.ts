import fastify from 'fastify'
