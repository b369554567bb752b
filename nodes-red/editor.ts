import { plugin } from '../src/hosts/node-red/plugin';

export = plugin;
